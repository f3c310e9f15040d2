"""Registering somebody who may be known already: duplicates, links, the same form twice."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from patients.models import Patient, Registration
from tests.factories.facilities import World
from tests.factories.patients import make_patient
from tests.integration.patient_forms import (
    IIN,
    IIN_BORN,
    answers,
    day,
    hidden_fields,
    register,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db
GROUND = {"ground_kind": "emergency", "ground_reason": "Unconscious after an accident."}


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.fixture
def outsider(world: World) -> Client:
    return signed_in(world, "outsider")


def test_a_likely_duplicate_is_shown_and_can_be_put_aside(world: World, clinician: Client) -> None:
    known = make_patient(
        world.actor("clinician_kz"), family_name="Testov", given_name="Patsient", birth_date=IIN_BORN
    )
    shown = register(clinician)
    page = text_of(shown)
    assert "Is it one of these patients?" in page
    assert reverse("patients:detail", args=[known.pk]) in page
    assert "None of these: register a new patient" in page
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    saved = clinician.post(reverse("patients:register"), hidden_fields(shown) | {"confirmed": asked.group(1)})
    assert saved.status_code == 302
    assert Patient.objects.count() == 2


def test_a_duplicate_of_another_facility_is_never_shown_by_name(
    world: World, clinician: Client, outsider: Client
) -> None:
    make_patient(world.actor("clinician_kz"), family_name="Тестов", given_name="Пациент", birth_date=IIN_BORN)
    assert register(outsider).status_code == 302
    assert "Is it one of these patients?" in text_of(register(clinician, number0_value="", number0_system=""))


def test_the_same_number_at_the_own_facility_leads_to_the_patient(world: World, clinician: Client) -> None:
    register(clinician)
    shown = register(clinician, family_name="Другой", given_name="Совсем")
    page = text_of(shown)
    assert reverse("patients:detail", args=[Patient.objects.get().pk]) in page
    assert "A number belongs to one patient only." in page
    assert 'name="confirmed"' not in page


def test_a_number_known_elsewhere_makes_no_difference_and_is_linked_with_a_ground(
    world: World, clinician: Client, outsider: Client
) -> None:
    register(clinician)
    patient = Patient.objects.get()
    own = register(outsider)
    assert own.status_code == 302
    assert str(patient.pk) not in own["Location"]
    assert "Korday district hospital" not in text_of(outsider.get(own["Location"]))
    sent = {"system": "kz-iin", "country": "KZ", "value": IIN, **day("birth_date", IIN_BORN)}
    link = reverse("patients:link")
    refused = outsider.post(link, sent)
    assert refused.status_code == 422
    assert "Say why you may ask for another hospital’s record." in text_of(refused)
    linked = outsider.post(link, sent | {"ground_kind": "consent", "ground_how": "written"})
    assert linked["Location"] == reverse("patients:detail", args=[patient.pk])
    assert Registration.objects.count() == 3


def test_linking_with_a_wrong_birth_date_says_nothing(
    world: World, clinician: Client, outsider: Client
) -> None:
    register(clinician)
    sent = {"system": "kz-iin", "value": IIN, **GROUND}
    wrong = outsider.post(reverse("patients:link"), sent | day("birth_date", date(1991, 1, 1)))
    unknown = outsider.post(
        reverse("patients:link"), sent | {"value": "850706499020"} | day("birth_date", IIN_BORN)
    )
    assert wrong.status_code == unknown.status_code == 422
    sentence = "No patient with this number and this date of birth is known."
    assert sentence in text_of(wrong)
    assert sentence in text_of(unknown)
    assert outsider.post(reverse("patients:link"), sent | day("birth_date", IIN_BORN)).status_code == 302


def test_the_same_form_sent_twice_registers_once(clinician: Client, outsider: Client) -> None:
    sent = answers(clinician, number0_system="", number0_value="")
    first = clinician.post(reverse("patients:register"), sent)
    second = clinician.post(reverse("patients:register"), sent)
    assert first["Location"] == second["Location"]
    assert Patient.objects.count() == 1
    assert "Nothing was saved twice." in text_of(clinician.get(second["Location"]))
    assert (
        outsider.post(reverse("patients:register"), sent).status_code == 302
    )  # their own patient, not this one
    assert Patient.objects.count() == 2
