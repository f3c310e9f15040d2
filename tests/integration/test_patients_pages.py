"""The patients pages through Django's client: finding, registering, asking, recording; who may, and bad input."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from patients.models import Consent, Identifier, Patient
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_consent, make_patient
from tests.integration.patient_forms import (
    IIN,
    day,
    hidden_fields,
    pages_of,
    register,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.fixture
def outsider(world: World) -> Client:
    return signed_in(world, "outsider")


def test_a_patient_is_registered_and_shown(world: World, clinician: Client, outsider: Client) -> None:
    response = register(
        clinician,
        residence_district="KZ:314800000",
        residence_district_query="KZ Kordayskiy",
        residence_district_searched="KZ Kordayskiy",
        phone="+7 799 000 00 01",
        coverage_kind="insurance",
        coverage_fund=str(world.funds["KZ"].pk),
        coverage_source="register",
        **day("coverage_valid_from", date(2026, 1, 1)),
    )
    patient = Patient.objects.get()
    url = reverse("patients:detail", args=[patient.pk])
    assert (response.status_code, response["Location"]) == (302, url)
    assert (patient.residence_district, patient.phone) == (world.units["korday"], "+77990000001")
    page = text_of(clinician.get(url))
    for words in (
        "Тестов Пациент Первый",
        IIN,
        "Kordayskiy",
        "Compulsory health insurance",
        "Korday district hospital",
    ):
        assert words in page
    assert f"{reverse('referrals:start')}?patient={patient.pk}" in page
    assert outsider.get(url).status_code == 404


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "name", ["officer_kz", "coordinator_kz", "host_desk_kg", "auditor_kz", "administrator"]
)
def test_other_roles_are_denied(world: World, clinician: Client, name: str) -> None:
    other = signed_in(world, name)
    patient = make_patient(world.actor("clinician_kz"))
    for url in pages_of(patient):
        assert clinician.get(url).status_code == 200, url
        assert other.get(url).status_code == 403, url
        assert Client().get(url).status_code == 302, url


def test_every_page_of_another_facilitys_patient_is_404(
    world: World, clinician: Client, outsider: Client
) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    consent = make_consent(actor, patient, "KG")
    withdraw = reverse("patients:consent_withdraw", args=[patient.pk, consent.pk])
    for url in [*pages_of(patient)[5:], withdraw]:
        assert clinician.get(url).status_code == 200, url
        assert outsider.get(url).status_code == 404, url
        assert outsider.post(url, {"version": 1}).status_code in {404, 405}, url
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number0_value": "900101399017"}, "The last digit doesn’t fit the others"),
        ({"number0_value": "90010139901"}, "An IIN has 12 digits."),
        ({"number0_value": "90010139901X"}, "The number may contain digits only."),
        ({"number0_value": "9001\u200b01399016"}, "invisible character"),
        (
            {"number1_system": "passport", "number1_value": "ЖN1234567", "number1_country": "KZ"},
            "Cyrillic letters",
        ),
        ({"number1_system": "passport", "number1_value": "TEST12345"}, "Choose the country that issued"),
        ({"number1_value": "TEST12345"}, "Choose what kind of number it is."),
        (
            {"number1_system": "kz-iin", "number1_value": "850706499020"},
            "This kind of number was entered twice.",
        ),
        ({"birth_date_day": "31", "birth_date_month": "2"}, "must be a real date"),
        ({"birth_date_year": "2999"}, "The date of birth lies in the future."),
        ({"family_name": "Тестoв"}, "mixes Cyrillic and Latin letters"),
        ({"family_name": "Тест\u200bов"}, "invisible character"),
        ({"family_name": "Т" * 10_000}, "too long"),
        ({"address": "у" * 10_000}, "too long"),
        ({"sex": "other"}, "Select a valid choice"),
        ({"phone": "12"}, "This is no complete telephone number."),
        ({"residence_district_query": "Нигденет"}, "nothing was found"),
        ({"residence_district": "KZ:1", "residence_district_query": "KZ:1"}, "nothing was found"),
        ({"coverage_kind": "insurance", "coverage_source": "register"}, "Choose the fund that pays."),
    ],
)
def test_bad_input_names_the_error_and_keeps_what_was_typed(
    clinician: Client, changes: dict[str, str], message: str
) -> None:
    response = register(clinician, **changes)
    page = text_of(response)
    assert response.status_code == 422
    assert "There is a problem" in page
    assert message in page
    assert 'value="Пациент"' in page
    assert not Patient.objects.exists()
    assert register(clinician).status_code == 302


def test_searching_a_district_saves_nothing_and_keeps_the_answers(clinician: Client) -> None:
    response = register(clinician, residence_district_query="кордай", residence_district_search="1")
    page = text_of(response)
    assert response.status_code == 200
    assert 'value="KZ:314800000"' in page
    assert "There is a problem" not in page
    assert 'value="Тестов"' in page
    assert not Patient.objects.exists()
    suggested = clinician.get(reverse("patients:district_suggest"), {"q": "Қордай"}).json()["results"]
    assert [row["value"] for row in suggested] == ["KZ:314800000"]
    assert clinician.get(reverse("patients:district_suggest"), {"q": "\u200b"}).json() == {"results": []}


def test_soft_warnings_are_shown_before_saving_and_kept(clinician: Client) -> None:
    shown = register(clinician, **day("birth_date", date(1990, 1, 2)))
    assert shown.status_code == 200
    assert not Patient.objects.exists()
    assert "The number speaks of another date of birth" in text_of(shown)
    asked = re.search(r'name="confirmed" value="(\w+)"', shown.content.decode())
    assert asked
    fields = hidden_fields(shown)
    back = clinician.post(reverse("patients:register"), fields | {"back": "1"})
    assert 'value="Тестов"' in text_of(back)
    assert not Patient.objects.exists()
    assert clinician.post(reverse("patients:register"), fields | {"confirmed": "x"}).status_code == 200
    assert not Patient.objects.exists()
    saved = clinician.post(reverse("patients:register"), fields | {"confirmed": asked.group(1)})
    assert saved.status_code == 302
    assert Identifier.objects.get().warnings == ["birth_date_differs"]
    assert "The number speaks of another date of birth" in text_of(clinician.get(saved["Location"]))


def test_an_unknown_patient_in_an_emergency(world: World, clinician: Client) -> None:
    url = reverse("patients:register_unknown")
    assert clinician.post(url, {"sex": "unknown", "age": "old", "description": "x"}).status_code == 422
    api, sent = make_api(world.korday), {"is_unknown": True, "sex": "female", "preferred_language": "ru"}
    for none in ("", "нет", "-"):
        assert clinician.post(url, {"sex": "female", "description": none}).status_code == 422, none
        refused = api.post("patients/", {**sent, "description": none})
        assert [error["field"] for error in refused.data["errors"]] == ["description"], none
    made = clinician.post(url, {"sex": "female", "age": "40", "description": "Found at the crossing"})
    page = text_of(clinician.get(made["Location"]))
    for words in ("Unknown patient", "Identity not known", "about 40 years", "TMP-", "Found at the crossing"):
        assert words in page
    patient = Patient.objects.get()
    assert (patient.is_unknown, patient.birth_date_estimated) == (True, True)


def test_rare_parts_of_the_form_are_folded_until_they_hold_something(world: World, clinician: Client) -> None:
    fold = re.compile(r'<details class="[^"]*"( open)?>\s*<summary><h2>([\w ]+?) <')
    shown = clinician.get(reverse("patients:register")).content.decode()
    elsewhere = ("", "A record at another hospital")
    assert fold.findall(shown) == [("", "More numbers"), ("", "Next of kin"), ("", "Coverage"), elsewhere]
    wrong = {"number1_value": "TEST12345", "coverage_kind": "insurance", "coverage_source": "register"}
    page = register(clinician, **wrong).content.decode()
    found = fold.findall(page)
    assert found == [(" open", "More numbers"), ("", "Next of kin"), (" open", "Coverage"), elsewhere]
    patient = make_patient(world.actor("clinician_kz"), next_of_kin_name="Тестова")
    edit = clinician.get(reverse("patients:edit", args=[patient.pk])).content.decode()
    assert fold.findall(edit) == [(" open", "Next of kin"), ("", "Death")]
