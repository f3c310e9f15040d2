"""A patient's record through its pages: edits, consents, coverage, numbers."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patients import actions
from patients.models import Consent, Coverage, Identifier
from tests.factories.facilities import World
from tests.factories.patients import make_patient
from tests.integration.patient_forms import (
    IIN_BORN,
    consent_form,
    day,
    edited,
    signed_in,
    text_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


def test_editing_in_two_tabs_loses_nothing(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    url = reverse("patients:edit", args=[patient.pk])
    actions.update_patient(by=actor, patient_id=patient.pk, expected_version=1, address="Street 1")
    conflict = clinician.post(url, edited(patient, address="Street 2"))
    page = text_of(conflict)
    assert conflict.status_code == 412
    assert "Somebody changed this patient’s record" in page
    assert "Street 1" in page
    assert 'value="Street 2"' in page
    assert 'name="version" value="2"' in page
    patient.refresh_from_db()
    assert patient.address == "Street 1"
    assert clinician.post(url, edited(patient, address="Street 2")).status_code == 302
    patient.refresh_from_db()
    assert (patient.address, patient.version) == ("Street 2", 3)


def test_an_edit_that_makes_a_number_disagree_asks_first(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:edit", args=[patient.pk])
    other = "male" if patient.sex == "female" else "female"
    shown = clinician.post(url, edited(patient, sex=other))
    assert shown.status_code == 200
    assert "another sex" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    assert clinician.post(url, edited(patient, sex=other, confirmed=asked.group(1))).status_code == 302
    assert Identifier.objects.get().warnings == ["sex_differs"]
    patient.refresh_from_db()
    assert clinician.post(url, edited(patient, family_name="Тестoв")).status_code == 422


def test_consent_is_recorded_returns_to_the_filing_and_can_be_withdrawn(
    world: World, clinician: Client
) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:consent", args=[patient.pk])
    back = reverse("referrals:start") + f"?patient={patient.pk}"
    assert "checked" in text_of(clinician.get(url, {"country": "KG", "next": back}))
    recorded = clinician.post(url, consent_form(next=back))
    assert recorded["Location"] == back
    consent = Consent.objects.get()
    assert consent.recorded_by_label == "Test clinician_kz, Korday district hospital"

    page = text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))
    withdraw = reverse("patients:consent_withdraw", args=[patient.pk, consent.pk])
    assert "Valid" in page
    assert withdraw in page
    assert clinician.get(withdraw).status_code == 200
    assert not Consent.objects.get().withdrawn_at
    assert clinician.post(withdraw).status_code == 302
    assert Consent.objects.get().withdrawn_at
    assert clinician.post(withdraw).status_code == 409
    assert "Withdrawn" in text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_next_never_leaves_the_portal(world: World, clinician: Client, target: str) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    response = clinician.post(reverse("patients:consent", args=[patient.pk]), consent_form(next=target))
    assert response["Location"] == reverse("patients:detail", args=[patient.pk])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"recipient_country": "KZ"}, "Select a valid choice"),
        ({"recipient_country": ""}, "Country that receives the data: choose one."),
        ({"valid_to_year": "2001"}, "The consent ends before it begins."),
        ({"how": "representative"}, "Enter the representative’s name"),
        ({"given_by": "x" * 10_000}, "too long"),
    ],
)
def test_bad_consent_is_refused(
    world: World, clinician: Client, changes: dict[str, str], message: str
) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:consent", args=[patient.pk])
    response = clinician.post(url, consent_form(**changes))
    assert response.status_code == 422
    assert message in text_of(response)
    assert not Consent.objects.exists()
    assert clinician.post(url, consent_form()).status_code == 302


def test_coverage_is_recorded_once(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    url = reverse("patients:coverage", args=[patient.pk])
    sent = {
        "kind": "insurance",
        "fund": str(world.funds["KZ"].pk),
        **day("valid_from", date(2026, 1, 1)),
        "source": "register",
        **day("checked_on", timezone.localdate()),
    }
    assert clinician.post(url, sent | {"fund": ""}).status_code == 422
    assert clinician.post(url, sent).status_code == clinician.post(url, sent).status_code == 302
    assert Coverage.objects.count() == 1


def test_numbers_are_added_with_warnings_shown_and_removed(world: World, clinician: Client) -> None:
    patient = make_patient(world.actor("clinician_kz"), birth_date=IIN_BORN, sex="male", identifiers=[])
    url = reverse("patients:identifier_add", args=[patient.pk])
    assert clinician.post(url, {"system": "kz-iin", "value": "900101399017"}).status_code == 422
    wrong = {"system": "uz-pinfl", "value": "30101909999993"}
    shown = clinician.post(url, wrong)
    assert shown.status_code == 200
    assert "The last digit doesn’t fit" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    assert clinician.post(url, wrong | {"confirmed": asked.group(1)}).status_code == 302
    number = patient.identifiers.get(system="uz-pinfl")
    remove = reverse("patients:identifier_remove", args=[patient.pk, number.pk])
    assert clinician.post(remove, {"reason": ""}).status_code == 422
    assert clinician.post(remove, {"reason": "typing_error"}).status_code == 302
    assert clinician.post(remove, {"reason": "typing_error"}).status_code == 404
