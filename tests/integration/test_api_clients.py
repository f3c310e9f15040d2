"""What strangers' clients met: tags of all that is shown, changes of nothing, repeated requests, errors."""

import json
from typing import Any

import pytest
from django.test import Client

from core.api.models import StoredAnswer
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import consent, referral_for, registered
from tests.integration.test_api_hosting import stay

pytestmark = pytest.mark.django_db


def test_a_tag_changes_with_everything_that_the_answer_shows(world: World) -> None:
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    path = f"patients/{patient}/"
    seen = [api.get(path)["ETag"]]
    assert api.get(path)["ETag"] == seen[0]
    again = api.get(path, If_None_Match=f"W/{seen[0]}")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", seen[0])
    card = {"system": "health-card", "country": "KZ", "value": "HC-1234"}
    cover = {"kind": "self", "valid_from": "2026-01-01", "source": "stated"}
    for step, content in (
        ("identifiers/", card),
        ("coverages/", cover),
        ("consents/", consent(recipient_country="UZ")),
        (f"consents/{consent_id}/withdraw/", None),
        ("", {"record_number": "MRN-1"}),
    ):
        tag = (
            api.get(f"{path}{step.removesuffix('withdraw/')}").get("ETag", "")
            if content is None
            else seen[-1]
        )
        done = api.call("PATCH" if not step else "POST", path + step, content, If_Match=tag)
        assert done.status_code < 300, (step, done.data)
        seen.append(api.get(path)["ETag"])
        assert len(set(seen)) == len(seen), step
        assert api.get(path, If_None_Match=seen[-2]).status_code == 200
        stale = api.patch(path, {"phone": "+77010000009"}, If_Match=seen[-2])
        assert (stale.status_code, stale.data["code"]) == (412, "stale"), step
    # Words of another language are another content; who read them may write all the same. So may a list's reader.
    russian = api.get(path, Accept_Language="ru")
    assert russian["ETag"] != seen[-1]
    assert api.patch(path, {"phone": "+77010000001"}, If_Match=russian["ETag"]).status_code == 200
    version = api.get(path).data["version"]
    assert api.patch(path, {"phone": "+77010000002"}, If_Match=f'"{version}"').status_code == 200
    assert api.patch(path, {"phone": "+77010000003"}, If_Match=f'"{version}"').status_code == 412


def test_a_case_s_tag_changes_with_its_patient_and_its_consent(world: World) -> None:
    referral = make.make_sent(world)
    home, host = make_api(world.korday), make_api(world.bishkek)
    path, about = f"referrals/{referral.pk}/", f"patients/{referral.patient_id}/"
    before = host.get(path)["ETag"]
    assert host.get(path)["ETag"] == before
    renamed = home.patch(about, {"patronymic": "Другая"}, If_Match=home.get(about)["ETag"])
    assert renamed.status_code == 200, renamed.data
    changed = host.get(path)
    assert changed["ETag"] != before
    assert changed.data["version"] == referral.version
    refused = host.post(f"{path}accept/", stay(), If_Match=before)
    assert (refused.status_code, refused.data["code"]) == (412, "stale")
    given = f"{about}consents/{referral.consent_id}/"
    assert home.post(f"{given}withdraw/", If_Match=home.get(given)["ETag"]).status_code == 200
    ended = host.get(path)
    assert ended.data["clinical"] is None
    assert ended["ETag"] != changed["ETag"]


def test_a_change_of_nothing_writes_nothing_and_null_takes_away(world: World) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    about = f"patients/{patient}/"
    kin = {"next_of_kin": {"name": "Мать", "phone": "+77010000009"}}
    full = api.patch(about, kin, If_Match=api.get(about)["ETag"])
    draft = api.post("referrals/", referral_for(patient, consent_id))
    path = f"referrals/{draft.data['id']}/"
    rows = AuditRow.objects.count()
    same = {name: draft.data["clinical"][name] for name in ("specialty", "diagnosis", "goal", "care_mode")}
    for where, tag, content in (
        (about, full["ETag"], {}),
        (about, full["ETag"], {"residence_district": full.data["residence_district"]}),
        (about, full["ETag"], {name: full.data[name] for name in ("citizenship", "citizenships", "sex")}),
        (path, draft["ETag"], {}),
        (path, draft["ETag"], same | {"payer": draft.data["payer"], "estimate": draft.data["estimate"]}),
    ):
        unchanged = api.patch(where, content, If_Match=tag)
        assert (unchanged.status_code, unchanged["ETag"]) == (200, tag), (content, unchanged.data)
    assert AuditRow.objects.count() == rows
    cleared = api.patch(
        about,
        {"phone": None, "residence_district": None, "next_of_kin": None, "citizenship": None, "email": ""},
        If_Match=full["ETag"],
    )
    assert cleared.status_code == 200, cleared.data
    found = {name: cleared.data[name] for name in ("phone", "residence_district", "citizenships", "email")}
    assert found == {"phone": "", "residence_district": None, "citizenships": [], "email": ""}
    assert cleared.data["citizenship_status"] == "not_known"
    assert set(cleared.data["next_of_kin"].values()) == {""}
    gone = ("specialty", "diagnosis", "consent", "host_facility", "report", "care_mode", "payer", "goal")
    emptied = api.patch(path, dict.fromkeys(gone), If_Match=api.get(path)["ETag"])
    assert emptied.status_code == 200, emptied.data
    clinical = emptied.data["clinical"]
    assert [clinical[name] for name in ("specialty", "diagnosis", "consent", "evidence")] == [
        None,
        None,
        None,
        [],
    ]
    assert (clinical["care_mode"], clinical["goal"], emptied.data["payer"]) == ("", "", "")
    assert emptied.data["host_facility"] is None
    assert (
        api.patch(path, {"care_mode": "", "payer": ""}, If_Match=emptied["ETag"])["ETag"] == emptied["ETag"]
    )
    # A name can't be taken from somebody who is known; nothing else of the request is kept.
    refused = api.patch(
        about, {"family_name": None, "given_name": None, "phone": "+77010000009"}, If_Match=cleared["ETag"]
    )
    assert refused.status_code == 422
    assert api.get(about)["ETag"] == cleared["ETag"]


def test_a_repeated_request_shows_what_its_sender_may_see_now(world: World) -> None:
    referral = make.make_sent(world)
    home, host = make_api(world.korday), make_api(world.bishkek)
    path, key = f"referrals/{referral.pk}/", "0A1B2C3D-0000-4000-8000-00000000000F"
    read, content = host.get(path), stay()
    first = host.post(f"{path}accept/", content, If_Match=read["ETag"], Idempotency_Key=key)
    assert first.data["clinical"]["clinical_reason"]
    kept = bytes(StoredAnswer.objects.get().body)
    assert kept == json.dumps({"id": str(referral.pk)}, separators=(",", ":")).encode()

    def repeat() -> Any:
        shown = Disclosure.objects.filter(what="referrals.case").count()
        again = host.post(
            f"{path.upper().replace('REFERRALS', 'referrals')}accept/",
            content,
            If_Match=read["ETag"],
            Idempotency_Key=key.lower(),
        )
        assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true"), again.data
        assert again["Idempotent-First-ETag"] == first["ETag"]
        assert Disclosure.objects.filter(what="referrals.case").count() == shown + 1
        return again

    same = repeat()
    assert (same["Idempotent-State"], same.content) == ("unchanged", first.content)
    given = f"patients/{referral.patient_id}/consents/{referral.consent_id}/"
    assert home.post(f"{given}withdraw/", If_Match=home.get(given)["ETag"]).status_code == 200
    now = repeat()
    assert (now["Idempotent-State"], now.data["clinical"]) == ("changed", None)
    assert now["ETag"] == host.get(path)["ETag"]
    # A PATCH takes a key as well, and so do the small things of a patient.
    about = f"patients/{referral.patient_id}/"
    tag = home.get(about)["ETag"]
    for _time in range(2):
        done = home.patch(about, {"phone": "+77010000009"}, If_Match=tag, Idempotency_Key="p")
        assert done.status_code == 200, done.data
    assert done["Idempotent-Replayed"] == "true"
    card = {"system": "health-card", "country": "KZ", "value": "HC-1234"}
    made, again = (home.post(f"{about}identifiers/", card, Idempotency_Key="n") for _time in range(2))
    assert (again.status_code, again.content, again["Location"]) == (201, made.content, made["Location"])
    gone = home.post(
        f"{about}identifiers/{made.data['id']}/remove/",
        {"reason": "typing_error"},
        If_Match=home.get(about)["ETag"],
    )
    assert gone.status_code == 200
    assert home.post(f"{about}identifiers/", card, Idempotency_Key="n").status_code == 404


def test_a_key_in_capital_letters_is_the_same_key(world: World) -> None:
    make.make_agreement()
    api = make_api(world.korday)
    patient, consent_id = registered(api)
    tag = api.get(f"patients/{patient}/")["ETag"]
    loud = patient.upper()
    assert api.get(f"patients/{loud}/")["ETag"] == tag
    assert api.patch(f"patients/{loud}/", {"email": ""}, If_Match=tag.upper()).status_code == 200
    draft = api.post("referrals/", referral_for(loud, consent_id))
    assert draft.data["clinical"]["patient"]["id"] == patient
    assert api.get(f"referrals/{draft.data['id'].upper()}/").status_code == 200
    assert len(api.get(f"referrals/?patient={loud}").data["results"]) == 1
    assert make_api(world.bishkek).get(f"referrals/?patient={loud}").data["results"] == []
    http = Client()
    http.force_login(world.users["clinician_kz"])
    assert http.get(f"/patients/{loud}/").status_code == 200
