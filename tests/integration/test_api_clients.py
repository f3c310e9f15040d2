"""What strangers' clients met: tags of all that is shown, changes of nothing, repeated requests, errors."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from core.api import throttling
from core.api.models import StoredAnswer
from core.audit.models import AuditRow
from disclosure.models import Disclosure
from patients.models import Patient
from portal import refusing
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.api import Api, get_token, make_api
from tests.factories.facilities import World
from tests.integration.test_api_directing import consent, person, referral_for, registered
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


def test_one_s_own_numbers_are_found_by_oneself_alone(world: World) -> None:
    referral = make.make_sent(world)
    home, host, other = (make_api(facility) for facility in (world.korday, world.bishkek, world.taraz))
    about, path = f"patients/{referral.patient_id}/", f"referrals/{referral.pk}/"
    assert (
        home.patch(about, {"record_number": " MRN  7 "}, If_Match=home.get(about)["ETag"]).status_code == 200
    )
    assert home.get(about).data["record_number"] == "MRN 7"
    version = Patient.objects.get().version
    for api, number in ((home, "ORDER-1"), (host, "CASE-9")):
        done = api.patch(path, {"record_number": number}, If_Match=api.get(path)["ETag"])
        assert (done.status_code, done.data["record_number"]) == (200, number), done.data
    assert Referral.objects.get().version == referral.version
    for api, mine, foreign in ((home, "ORDER-1", "CASE-9"), (host, "CASE-9", "ORDER-1")):
        assert [row["record_number"] for row in api.get("referrals/").data["results"]] == [mine]
        assert len(api.get(f"referrals/?record_number={mine}").data["results"]) == 1
        assert api.get(f"referrals/?record_number={foreign}").data["results"] == []
        assert foreign not in api.get(path).content.decode()
    assert "MRN 7" not in host.get(path).content.decode()
    found = home.post("patients/search/", {"record_number": "MRN 7"}).data["results"]
    assert [(row["id"], row["record_number"]) for row in found] == [(str(referral.patient_id), "MRN 7")]
    assert other.post("patients/search/", {"record_number": "MRN 7"}).data["results"] == []
    # Another patient of the hospital can't have it; at another hospital it is another number.
    second = person(identifiers=[], birth_date="1961-01-02", record_number="MRN 7")
    refused = home.post("patients/", second)
    assert (refused.status_code, refused.data["errors"][0]["code"]) == (422, "record_number_taken")
    assert Patient.objects.count() == 1
    assert other.post("patients/", second).data["record_number"] == "MRN 7"
    draft = home.post("referrals/", {"patient": str(referral.patient_id), "record_number": "ORDER-1"})
    assert (draft.status_code, draft.data["errors"][0]["field"]) == (422, "record_number")
    assert Referral.objects.count() == 1
    taken_away = home.patch(about, {"record_number": None}, If_Match=home.get(about)["ETag"])
    assert (taken_away.data["record_number"], taken_away.data["version"]) == ("", version)
    assert home.post("patients/search/", {"record_number": "MRN 7"}).data["results"] == []
    words = [row.details for row in AuditRow.objects.filter(action__endswith=".record_number")]
    assert "MRN" not in str(words)


def test_referrals_are_found_by_their_number_and_in_several_states(world: World) -> None:
    draft, sent, accepted = make.make_draft(world), make.make_sent(world), make.make_accepted(world)
    api = make_api(world.korday)

    def ids(query: str) -> set[str]:
        response = api.get(f"referrals/?{query}")
        assert response.status_code == 200, response.data
        return {row["id"] for row in response.data["results"]}

    assert ids(f"number={str(sent.number).lower()}") == {str(sent.pk)}
    assert ids("number=KZ-1999-000001") == set()
    both = {str(draft.pk), str(accepted.pk)}
    assert ids("state=draft,accepted") == ids("state=draft&state=accepted") == both
    assert ids("state=accepted,accepted") == {str(accepted.pk)}
    assert ids("state=draft,sent,accepted&priority=routine,stat") == set()
    pages = [api.get("referrals/?state=draft,sent,accepted&limit=1")]
    while pages[-1].data["next"]:
        pages.append(api.get(pages[-1].data["next"].partition("/api/v1/")[2]))
    assert len({page.data["results"][0]["id"] for page in pages}) == 3


def test_every_search_ends_with_a_next_page_or_with_its_end(world: World) -> None:
    api = make_api(world.korday)
    by = world.actor("clinician_kz")
    made = {str(make.make_patient(world, by).pk)}
    first = Patient.objects.get()
    born = first.birth_date.isoformat() if first.birth_date else ""
    for _number in range(4):
        made.add(str(make.make_patient(world, by).pk))
    found: list[str] = []
    page = api.get(f"patients/?birth_date={born}&limit=2")
    while page is not None:
        found += [row["id"] for row in page.data["results"]]
        following = page.data["next"]
        page = api.get(following.partition("/api/v1/")[2]) if following else None
    assert sorted(found) == sorted(made)
    sought, found = {"birth_date": born, "limit": 2}, []
    while True:
        answered = api.post("patients/search/", sought).data
        found += [row["id"] for row in answered["results"]]
        if not answered["next_cursor"]:
            break
        sought["cursor"] = answered["next_cursor"]
    assert sorted(found) == sorted(made)
    foreign = api.post("patients/search/", {"birth_date": "1950", "cursor": sought["cursor"]})
    assert foreign.data["code"] == "invalid_cursor"


def in_chunks(api: Api, path: str, body: bytes, *, joined: bool, **headers: str) -> Any:
    """A request as a server hands it over that has joined its chunks, or hasn't."""
    environ: dict[str, Any] = {
        "wsgi.input": BytesIO(body),
        "CONTENT_TYPE": "application/json",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input_terminated": joined,
    }
    sent = {"Authorization": f"Bearer {api.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return api.http.generic("PATCH", f"/api/v1/{path}", b"", headers=sent, **environ)


def test_a_body_in_chunks_is_read_or_refused_and_never_empty(world: World) -> None:
    api = make_api(world.korday)
    patient, _consent = registered(api)
    path = f"patients/{patient}/"
    tag = api.get(path)["ETag"]
    done = in_chunks(api, path, b'{"phone": "+77010000009"}', joined=True, If_Match=tag)
    assert done.json()["phone"] == "+77010000009"
    refused = in_chunks(api, path, b"1\r\n{\r\n", joined=False, If_Match=tag)
    assert (refused.status_code, refused.json()["code"]) == (411, "length_required")
    large = in_chunks(api, path, b'"' + b"x" * 1_100_000 + b'"', joined=True, If_Match=tag)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


def test_every_refusal_is_a_problem_with_an_id_in_the_language_that_it_names(world: World) -> None:
    from core.api.kinds import KINDS

    api = make_api(world.korday)
    mine = {"X_Request_ID": "client-7:abc", "Accept_Language": "ru"}
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    many = {f"unknown{number}": 1 for number in range(50)}
    for response, status, code, language in (
        (api.get("/api/nothing/", **mine), 404, "not_found", "ru"),
        (api.get("nothing/", **mine), 404, "not_found", "ru"),
        (api.get("referrals/", Host="evil.example", X_Request_ID="client-7:abc"), 400, "wrong_host", "en"),
        (api.post("patients/", many, **mine), 422, "invalid", "ru"),
        (api.post("patients/", b"\xff{", **mine), 400, "invalid_json", "ru"),
        (api.post("patients/", "{}", Content_Encoding="gzip", **mine), 415, "unsupported_media_type", "ru"),
        (api.call("TRACE", "patients/", **mine), 405, "method_not_allowed", "ru"),
    ):
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
        assert (response.data["code"], response["Content-Language"]) == (code, language), response.data
        assert response["X-Request-ID"] == response.data["request_id"] == "client-7:abc"
    refused = api.post("patients/", many).data
    assert (len(refused["errors"]), refused["more_errors"]) == (20, 50 + len(person_needs(refused)) - 20)
    patient, _consent = registered(api)
    path = f"patients/{patient}/"
    assert api.get(path, X_Request_ID="mine", traceparent=trace)["traceparent"] == trace
    assert Disclosure.objects.filter(request_id="mine").exists()
    assert api.get(path, traceparent=trace)["X-Request-ID"] == trace.split("-")[1]
    for wrong in ("", "a b", "x" * 65, "job-1", "é", "a\nb"):
        assert api.get(path, X_Request_ID=wrong)["X-Request-ID"] != wrong
    assert "traceparent" not in api.get(path, traceparent="00-0-0-01")
    assert get_token("nobody", http=api.http)["Content-Language"] == "en"
    assert api.get("schema/", Accept_Language="ru")["Content-Language"] == "en"
    # What no view ever sees speaks by the same codes.
    for status, kind in refusing.KINDS.items():
        assert KINDS[kind.code].status == status


def person_needs(refused: Any) -> list[str]:
    """Of a patient without anything: the fields that are missing stand behind the unknown ones."""
    assert {error["code"] for error in refused["errors"]} == {"unknown_field"}
    return ["sex"]


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(throttling.time, "time", lambda: 2_000_000_000.0 + id(settings) % 1_000_000 * 60)
    return


def test_who_is_refused_is_counted_too(world: World, limited: None) -> None:
    lacking = make_api(world.korday, scopes=["directory:read"])
    stranger = Api(Client(REMOTE_ADDR="203.0.113.9"), "no-such-token")
    for api, status in ((stranger, 401), (lacking, 403)):
        statuses = [api.get("patients/").status_code for _time in range(4)]
        assert statuses == [status, status, status, 429], status
        assert api.get("patients/")["Retry-After"]
    other = make_api(world.taraz, scopes=["patients:write"])
    large = [other.post("patients/", b"x" * 1_100_000).status_code for _time in range(4)]
    assert large == [413, 413, 413, 429]
