"""What is over, who has died, and what another hospital knows: page and API do the same, and no text is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patients.actions import Ground, link_patient
from patients.models import Patient
from referrals import actions
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.merging import merge, record
from tests.factories.patients import make_consent, make_patient
from tests.integration.filing_pages import day, signed_in
from tests.integration.patient_forms import IIN, IIN_BORN, answers, consent_form
from tests.integration.test_kept import opened, ticket

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
TWIN = [("passport", "KZ", "N7654329")]
GROUND = {"ground_kind": "consent", "ground_how": "verbal_witnessed", "ground_covers": ["contact"]}


def url(name: str, *args: Any) -> str:
    return reverse(f"patients:{name}", args=args)


def wrong(response: Any) -> tuple[int, set[str]]:
    if response.get("Content-Type", "").startswith("application/"):
        return response.status_code, {error["field"] for error in response.data["errors"]}
    return response.status_code, set(response.context["form"].errors)


def test_a_stay_that_is_over_is_offered_by_nobody(clock: Clock, world: World) -> None:
    clock.set(datetime.fromisoformat("2026-11-25T10:30+06:00"))
    referral = make.make_sent(world)
    api, browser = make_api(world.bishkek), signed_in(world, "host_desk_kg")
    over = {"starts_at": "2026-11-25T03:00:00Z", "ends_at": "2026-11-25T04:30:00Z"}
    typed = {"version": referral.version, "start_time": "9:00", "end_time": "10:30", "days": ""}
    typed |= day("start_date", timezone.localdate())
    assert wrong(api.step(referral, "accept", over)) == (422, {"ends_at"})
    assert wrong(browser.post(reverse("referrals:step", args=[referral.pk, "accept"]), typed)) == (
        422,
        {"end_time"},
    )
    # What was agreed in a call is judged by the moment of the call, whenever it is written down.
    call = {
        "spoke_with": "Dr Test",
        "phone": "+996312660000",
        "said": "Come now.",
        "version": referral.version,
    }
    moments = {name: datetime.fromisoformat(value) for name, value in over.items()}
    clock.set(datetime.fromisoformat("2026-11-25T15:00+06:00"))
    spoken = referral.sent_at
    assert spoken is not None
    by = world.actor("coordinator_kz")
    moments["ends_at"] += timedelta(hours=1)
    taken = actions.accept_by_telephone(referral.pk, by=by, spoken_at=spoken, **call, **moments)
    assert taken.state == "accepted"


def test_nothing_begins_and_nothing_is_sent_after_a_death(world: World) -> None:
    clinician, today = world.actor("clinician_kz"), timezone.localdate()
    referral = make.make_in_review(world)
    patient = referral.patient
    # Another hospital's word, which nobody has confirmed yet: the referral is still open.
    Patient.objects.filter(pk=patient.pk).update(
        deceased_on=today - timedelta(days=1), death_confirmer=world.korday
    )
    api, browser = make_api(world.korday), signed_in(world)
    urgent = {"priority": "stat", "reason_text": "Worse.", "triage_note": "Shock."}
    other = {"host_facility": world.bishkek.organisation.code, "reason_text": "Nearer."}
    for step, content in (("raise-urgency", urgent), ("change-host", other)):
        refused = api.step(referral, step, content)
        assert (refused.status_code, refused.data["code"]) == (409, "patient_died"), step
    page = reverse("referrals:step", args=[referral.pk, "raise_urgency"])
    assert (
        "recorded as deceased" in browser.post(page, urgent | {"version": referral.version}).content.decode()
    )
    consent = {"purpose": "treatment", "recipient_country": "KG", "how": "written"}
    consent |= {"valid_from": today.isoformat(), "valid_to": (today + timedelta(days=9)).isoformat()}
    cover = {"kind": "private", "country": "KZ", "valid_from": today.isoformat(), "source": "document"}
    typed = {
        "kind": "private",
        "country": "KZ",
        "source": "document",
        **day("valid_from", today),
        **day("checked_on", today),
    }
    for path, sent, form in (("consents", consent, consent_form()), ("coverages", cover, typed)):
        assert wrong(api.post(f"patients/{patient.pk}/{path}/", sent)) == (422, {"valid_from"})
        assert wrong(browser.post(url(path[:-1], patient.pk), form)) == (422, {"valid_from"})
    # A draft says what is under way for its patient, and where.
    draft = make.make_draft(world, patient=make.make_patient(world, clinician))
    filed = make.make_submitted(world, patient=draft.patient, specialty=world.specialties["oncology"])
    under_way = api.get(f"referrals/{draft.pk}/").data["under_way"]
    assert [(one["number"], one["self"]) for one in under_way] == [
        (filed.number, f"/api/v1/referrals/{filed.pk}/")
    ]
    assert api.get(f"referrals/{filed.pk}/").data["under_way"] == []
    # What began before is history, and may be written down.
    cover["valid_from"] = (today - timedelta(days=1)).isoformat()
    assert api.post(f"patients/{patient.pk}/coverages/", cover).status_code == 201
    Patient.objects.filter(pk=patient.pk).update(deceased_on=None, death_confirmer=None)
    assert actions.raise_urgency(referral.pk, by=clinician, **urgent).state == "sent"


def lost(client: Client, address: str, typed: dict[str, Any], *, as_user: Any) -> Any:
    """Send a form after the session has ended, sign in, and open the page again."""
    mark = ticket(opened(client, address))
    client.logout()
    assert client.post(address, typed | {"kept": mark}).status_code == 302
    client.force_login(as_user)
    return client.get(address)


def test_the_newest_forms_keep_their_text(world: World) -> None:
    me, clinician = world.users["clinician_kz"], world.actor("clinician_kz")
    browser = signed_in(world)
    asked = {
        "system": "kz-iin",
        "value": IIN,
        "ground_kind": "emergency",
        "ground_reason": "Found in the street.",
    }
    assert "Found in the street." in lost(browser, url("link"), asked, as_user=me).content.decode()
    assert browser.post(url("link"), asked).status_code == 422
    one, other = (
        record(world, phone="+77010000001"),
        record(world, phone="+77010000002", given_name="Двойняя"),
    )
    page = url("merge", one.pk, other.pk)
    choices = {"choice_phone": "merged", "ground": "document", "survivor_version": "1", "merged_version": "1"}
    form = lost(browser, page, choices | {"version": "1-1"}, as_user=me).context["form"]
    assert [form[name].value() for name in ("choice_phone", "ground")] == ["merged", "document"]
    # Meanwhile one of them was changed: both stand beside each other, and the person decides anew.
    Patient.objects.filter(pk=other.pk).update(version=2, phone="+77010000003")
    again = browser.get(page)
    assert "Compare before you send it." in again.content.decode()
    assert again.context["form"]["merged_version"].value() == 2
    stale = browser.post(page, choices | {"choice_name": "survivor", "version": "1-1"})
    assert (stale.status_code, stale.context["form"]["choice_name"].value()) == (412, "survivor")
    # The undoing, too, keeps what was chosen: through a lost session, and where the record was changed meanwhile.
    done = merge(world, record(world), record(world, given_name="Двойня", identifiers=TWIN))
    undo = url("merge_undo", done.survivor_id, done.pk)
    said = {"reason": "two_persons", "version": str(browser.get(undo).context["form"]["version"].value())}
    assert lost(browser, undo, said, as_user=me).context["form"]["reason"].value() == "two_persons"
    Patient.objects.filter(pk=done.survivor_id).update(version=99)
    stale = browser.post(undo, said)
    assert (stale.status_code, stale.context["form"]["reason"].value()) == (412, "two_persons")
    assert browser.post(undo, said | {"version": "99"}).status_code == 302
    # A search for the other record has an address to come back to.
    choose = url("merge_choose", one.pk)
    found = browser.post(choose, {"q": "Двойняя"})
    assert found.status_code == 302
    assert "Двойняя" not in found["Location"]
    assert page in browser.get(found["Location"]).content.decode()
    # What a patient takes back at another hospital: no answer is lost for the giver that is missing.
    patient = make_patient(clinician, birth_date=IIN_BORN, sex="male", identifiers=[("kz-iin", "", IIN)])
    consent = make_consent(clinician, patient, "KG")
    ground = Ground(kind="consent", how="written", covers=["consents"])
    link_patient(by=world.actor("outsider"), system="kz-iin", value=IIN, birth_date=IIN_BORN, ground=ground)
    stranger, withdraw = signed_in(world, "outsider"), url("consent_withdraw", patient.pk, consent.pk)
    missing = stranger.post(withdraw, {"how": "representative", "kept": ticket(opened(stranger, withdraw))})
    assert wrong(missing) == (422, {"given_by"})
    assert stranger.get(withdraw).context["form"]["how"].value() == "representative"
    assert stranger.post(withdraw, {"how": "verbal_witnessed"}).status_code == 302


def test_registering_with_a_ground_finds_what_another_hospital_knows(world: World) -> None:
    home = world.actor("outsider")
    known = make_patient(home, birth_date=IIN_BORN, sex="male", identifiers=[("kz-iin", "", IIN)])
    browser, had = signed_in(world), Patient.objects.count()
    page = url("register")

    def send(**more: Any) -> Any:
        return browser.post(page, answers(browser) | more)

    assert wrong(send(ground_kind="consent")) == (422, {"ground_how"})
    assert wrong(send(**GROUND, number0_value="", number0_system="")) == (422, {"number0_value"})
    assert wrong(send(**GROUND, birth_date_estimated="on")) == (422, {"birth_date"})
    api = make_api(world.korday)
    person = {"family_name": "Тестов", "sex": "male", "preferred_language": "ru", "birth_date": "1990-01-01"}
    bare = person | {"ground": {"kind": "consent", "how": "verbal_witnessed"}, "duplicate_checked": True}
    assert wrong(api.post("patients/", bare)) == (422, {"identifiers"})
    done = send(**GROUND)
    assert (done.status_code, done["Location"]) == (302, url("detail", known.pk))
    assert "Another hospital knows this patient" in browser.get(done["Location"]).content.decode()
    assert Patient.objects.count() == had, "nothing else is written"
    # Without a ground nobody looks there.
    other = signed_in(world, "clinician_kg")
    assert other.post(page, answers(other)).status_code == 302
    assert Patient.objects.count() == had + 1


def test_who_confirms_a_hospital_s_data_sees_what_a_colleague_changed_meanwhile(world: World) -> None:
    facility, desk = world.bishkek, signed_in(world, "host_desk_kg")
    page = reverse("facilities:confirm", args=[facility.pk])
    form = desk.get(page).context["form"]
    seen = {name: form[name].value() for name in ("name", "role", "version", "phone")}
    mine = seen | {"address": "Mine street 1", "fields_confirmed": ["address"], "source": "The licence"}
    facility.address = "Theirs street 2"
    facility.save(update_fields=["address"])
    stale = desk.post(page, mine | {"kept": ticket(opened(desk, page))})
    assert stale.status_code == 412
    html = stale.content.decode()
    for text in ("Somebody changed these data", "Mine street 1", "Theirs street 2"):
        assert text in html, text
    facility.refresh_from_db()
    assert facility.address == "Theirs street 2"
    again = mine | {"version": stale.context["form"]["version"].value()}
    assert desk.post(page, again).status_code == 302
    facility.refresh_from_db()
    assert facility.address == "Mine street 1"


def test_the_admin_says_in_words_what_does_not_fit(world: World) -> None:
    agreement, admin = make.make_agreement(), signed_in(world, "administrator")
    page = f"/admin/agreements/agreement/{agreement.pk}/change/"
    data = {"precedence": "10", "names_en": "Name", "says_in_en": "Says"}
    errors = admin.post(page, data | {"signed_on": "0001-01-01"}).context["adminform"].form.errors
    assert "Check the year" in str(errors["__all__"])
