"""Nothing of a patient begins before the birth, and nothing new begins once a death is recorded, confirmed or not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import IllegalTransition
from core.outbox import work
from core.partial import PartialDate
from patients import actions as patient_actions
from patients.models import Coverage, Patient
from referrals import guards
from referrals.events import BY_NAME
from referrals.models import EvidenceItem, Referral
from referrals.presentation.next_step import next_step
from referrals.states import BEFORE_CARE, Guard
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.merging import BORN, merge, record
from tests.factories.situations import SITUATIONS, STEPS
from tests.integration.filing_pages import day, signed_in
from tests.integration.patient_forms import consent_form, register
from tests.integration.test_api_directing import person

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def wrong(response: Any) -> tuple[int, list[str]]:
    if response.get("Content-Type", "").startswith("application/"):
        return response.status_code, sorted({error["field"] for error in response.data["errors"]})
    return response.status_code, sorted(response.context["form"].errors)


def test_nothing_of_a_patient_begins_before_the_birth(world: World) -> None:
    clinician, today = world.actor("clinician_kz"), timezone.localdate()
    born = today - timedelta(days=20)
    before = born - timedelta(days=1)
    patient = make.make_patient(world, clinician, birth_date=born)
    api, page = make_api(world.korday), signed_in(world)
    passport = {"system": "identity-card", "country": "KZ", "value": "N7654321"}
    cover = {"kind": "private", "country": "KZ", "source": "document"}
    consent = {"purpose": "treatment", "recipient_country": "KG", "how": "written"}
    consent |= {"valid_to": str(today + timedelta(days=9))}
    for path, name, field, sent, typed in (
        ("identifiers", "identifier_add", "expires_on", passport, passport),
        ("coverages", "coverage", "valid_from", cover, cover | day("checked_on", today)),
        ("consents", "consent", "valid_from", consent, consent_form()),
    ):
        url = reverse(f"patients:{name}", args=[patient.pk])
        for value, status in ((before, 422), (born, 201)):
            answer = api.post(f"patients/{patient.pk}/{path}/", sent | {field: str(value)})
            assert answer.status_code == status, (path, answer.data)
        assert wrong(page.post(url, typed | day(field, before))) == (422, [field])
        assert wrong(api.post(f"patients/{patient.pk}/{path}/", sent | {field: str(before)})) == (
            422,
            [field],
        )
    # In a registration the same, each at its own field.
    number = {"number1_system": "identity-card", "number1_value": "N7654322", "number1_country": "KZ"}
    over = register(page, **number, **day("number1_expires_on", date(1989, 12, 31)))
    assert wrong(over) == (422, ["number1_value"])
    cover_typed = {f"coverage_{name}": value for name, value in cover.items()}
    assert wrong(register(page, **cover_typed, **day("coverage_valid_from", date(1989, 12, 31)))) == (
        422,
        ["coverage_valid_from"],
    )
    of_then = {"identifiers": [passport | {"value": "N7654323", "expires_on": "1990-02-02"}]}
    assert wrong(api.post("patients/", person(**of_then))) == (422, ["identifiers.0"])
    late = person(coverage=cover | {"valid_from": "1990-02-02"}, identifiers=[])
    assert wrong(api.post("patients/", late)) == (422, ["coverage.valid_from"])
    # Of an estimate and of a year nobody knows that it was before.
    year = {
        "birth_date": "1990",
        "identifiers": [passport | {"value": "N7654324", "expires_on": "1990-01-01"}],
    }
    assert api.post("patients/", person(**year)).status_code == 201
    year |= {"duplicate_checked": True}
    year["identifiers"][0] |= {"value": "N7654325", "expires_on": "1989-12-31"}  # type: ignore[index]
    assert wrong(api.post("patients/", person(**year)))[0] == 422
    guess = person(**year, birth_date_estimated=True)
    assert api.post("patients/", guess).status_code == 201


def test_a_birth_is_not_moved_behind_what_is_on_record(world: World) -> None:
    today = timezone.localdate()
    referral = make.make_draft(world)
    patient, api = referral.patient, make_api(world.korday)
    url = f"patients/{patient.pk}/"
    cover = Coverage.objects.filter(patient=patient)
    cover.update(valid_from=today)

    def patch(**changes: Any) -> Any:
        return api.patch(url, changes, If_Match=api.get(url)["ETag"])

    report = EvidenceItem.objects.get(referral=referral).dated_on
    assert wrong(patch(birth_date=str(report + timedelta(days=1)))) == (422, ["birth_date"])
    assert patch(birth_date=str(report)).status_code == 200
    assert patch(birth_date=str(report + timedelta(days=1)), birth_date_estimated=True).status_code == 200
    EvidenceItem.objects.all().delete()
    cover.update(valid_from=today - timedelta(days=2))
    assert wrong(patch(birth_date=str(today), birth_date_estimated=False)) == (422, ["birth_date"])
    assert patch(birth_date=str(today - timedelta(days=2)), birth_date_estimated=False).status_code == 200
    # Who comes to stand behind an older record by its own mistake isn't kept from other changes.
    cover.update(valid_from=today - timedelta(days=3))
    assert patch(phone="+7 701 000 00 09").status_code == 200


#: A step that begins something new, and a situation in which it is open.
BEGINS = {
    "grant": "in_review",
    "partly_grant": "in_review",
    "refuse": "in_review",
    "raise_urgency": "in_review",
    "change_host": "in_review",
    "accept": "sent",
    "accept_by_telephone": "sent",
    "re_route": "declined",
    "schedule": "accepted",
    "reschedule": "scheduled",
    "admit": "scheduled",
    "extend": "sent",
    "appeal": "refused",
    "overturn": "appealed",
}
WHO = {
    "raise_urgency": "clinician_kz",
    "change_host": "clinician_kz",
    "appeal": "clinician_kz",
    "accept": "host_desk_kg",
    "schedule": "host_desk_kg",
    "reschedule": "host_desk_kg",
    "admit": "host_desk_kg",
    "accept_by_telephone": "coordinator_kz",
    "re_route": "coordinator_kz",
    "overturn": "officer2_kz",
}


def state_death(referral: Referral, world: World) -> None:
    """Another hospital’s word, which nobody has confirmed."""
    Patient.objects.filter(pk=referral.patient_id).update(
        deceased_on=timezone.localdate(), death_confirmer=world.korday
    )


def test_every_event_that_begins_something_asks_whether_the_patient_lives(world: World) -> None:
    asked = {name for name, one in BY_NAME.items() if Guard.PATIENT_DIED in one.guards}
    assert asked == {*BEGINS, "sign_second"}
    made: dict[str, Referral] = {}
    for step, situation in BEGINS.items():
        referral = made.get(situation) or SITUATIONS[situation](world)
        made[situation] = referral
        actor = world.actor(WHO.get(step, "officer_kz"))
        assert guards.why_not(actor, Referral.objects.get(pk=referral.pk), step) is None, step
        state_death(referral, world)
        with pytest.raises(IllegalTransition) as refused:
            STEPS[step].take(world, referral.pk, actor)
        assert refused.value.code == "patient_died"
        fresh = Referral.objects.get(pk=referral.pk)
        assert fresh.state == referral.state
        said = next_step(fresh, actor)
        if fresh.state in BEFORE_CARE:
            confirms = actor == world.actor("clinician_kz")
            assert said.text == ("Confirm the death" if confirms else "The death has to be confirmed"), step
        Patient.objects.filter(pk=referral.patient_id).update(deceased_on=None, death_confirmer=None)


def test_nobody_signs_second_for_the_dead(world: World) -> None:
    referral, second = SITUATIONS["signed"](world), world.actor("officer2_kz")
    assert guards.why_not(second, referral, "sign_second") is None
    state_death(referral, world)
    with pytest.raises(IllegalTransition) as refused:
        STEPS["sign_second"].take(world, referral.pk, second)
    assert refused.value.code == "patient_died"
    assert Referral.objects.get(pk=referral.pk).state == "in_review"


def test_a_case_of_the_dead_is_not_decided_until_somebody_confirms_or_corrects(world: World) -> None:
    referral, home = SITUATIONS["in_review"](world), world.actor("clinician_kz")
    state_death(referral, world)
    officer: Client = signed_in(world, "officer_kz")
    decide = reverse("referrals:decide", args=[referral.pk])
    detail = reverse("referrals:detail", args=[referral.pk])
    page = officer.get(decide)
    assert "recorded as deceased" in page.content.decode()
    assert decide not in officer.get(detail).content.decode()
    typed = {
        "choice": "grant",
        "version": referral.version,
        "reason_code": "undue_delay",
        "reason_text": "Wait.",
    }
    assert officer.post(decide, typed).status_code == 409
    api = make_api(world.korday)
    assert not {"raise-urgency", "change-host"} & set(
        api.get(f"referrals/{referral.pk}/").data["links"]["steps"]
    )
    urgent = {"priority": "asap", "reason_text": "Worse."}
    refused = api.step(referral, "raise-urgency", urgent)
    assert (refused.status_code, refused.data["code"]) == (409, "patient_died")
    assert api.get(refused.data["type"]).status_code == 200, "the code is explained"
    # Taken back, the case goes on; confirmed, it ends, and nothing is sent meanwhile.
    Patient.objects.filter(pk=referral.patient_id).update(deceased_on=None, death_confirmer=None)
    assert officer.get(decide).context["form"] is not None
    state_death(referral, world)
    patient_actions.confirm_death(by=home, patient_id=referral.patient_id)
    with pytest.raises(IllegalTransition, match="deceased"):
        STEPS["grant"].take(world, referral.pk, world.actor("officer_kz"))
    work.drain()
    referral.refresh_from_db()
    assert referral.state == "deceased"
    # An appeal of the dead can be ended, never won.
    appealed = SITUATIONS["appealed"](world)
    state_death(appealed, world)
    other = signed_in(world, "officer2_kz")
    assert other.get(reverse("referrals:decide", args=[appealed.pk])).context["form"] is not None
    STEPS["uphold"].take(world, appealed.pk, world.actor("officer2_kz"))


def test_a_merge_confirms_no_death_that_waits(world: World) -> None:
    today = timezone.localdate()
    one, other = record(world), record(world, identifiers=[("passport", "KZ", "N7654321")])
    referral = make.make_in_review(world, patient=one)
    died = {"deceased_on": today, "death_confirmer": world.korday}
    Patient.objects.filter(pk__in=[one.pk, other.pk]).update(**died)
    merge(world, one, other)
    work.drain()
    referral.refresh_from_db()
    assert referral.state == "in_review"
    third = record(world, identifiers=[("passport", "KZ", "N7654322")])
    Patient.objects.filter(pk=third.pk).update(deceased_on=today)
    merge(world, one, third)
    work.drain()
    referral.refresh_from_db()
    one.refresh_from_db()
    assert (referral.state, one.death_confirmer) == ("deceased", None)
    assert one.born == PartialDate(BORN)
