"""Citizenship and documents of any country: several, none, not known; at the page, the API and the database alike."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patients.models import Identifier, Patient
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_patient
from tests.integration.patient_forms import day, edited, find, register, signed_in, text_of
from tests.integration.test_api_directing import person

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


def sent(**changes: Any) -> dict[str, Any]:
    """A person for the API without a word of citizenship, and without numbers."""
    given = person(duplicate_checked=True, identifiers=[]) | changes
    if "citizenship" not in changes:
        del given["citizenship"]
    return given


@pytest.mark.parametrize(
    ("said", "status", "countries", "words"),
    [
        ({"citizenship": "Таджикистан"}, "known", ["TJ"], "Tajikistan"),
        ({"citizenship": "TJ", "citizenship_3": "Russia"}, "known", ["TJ", "RU"], "Tajikistan, Russia"),
        ({"citizenship": "", "citizenship_status": "stateless"}, "stateless", [], "Stateless"),
        ({"citizenship": "", "citizenship_status": "not_known"}, "not_known", [], "Not known"),
        ({"citizenship": ""}, "not_known", [], "Not known"),
    ],
)
def test_four_different_things_at_page_and_api(
    world: World, clinician: Client, said: dict[str, str], status: str, countries: list[str], words: str
) -> None:
    assert register(clinician, **said).status_code == 302
    patient = Patient.objects.get()
    assert (patient.citizenship_status, patient.citizenships) == (status, countries)
    assert words in text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))
    # The form shows what is kept.
    form = text_of(clinician.get(reverse("patients:edit", args=[patient.pk])))
    for name in words.split(", ") if countries else []:
        assert f'value="{name}"' in form
    api = make_api(world.korday)
    read = api.get(f"patients/{patient.pk}/").data
    told = {"citizenship_status": status, "citizenships": countries}
    assert {name: read[name] for name in told} == told
    assert read["citizenship"] == (countries[0] if countries else None)
    made = api.post("patients/", sent(**told))
    assert made.status_code == 201
    assert {name: made.data[name] for name in told} == told


def test_what_contradicts_itself_is_refused_at_page_and_api(world: World, clinician: Client) -> None:
    api = make_api(world.korday)
    for said, words in (
        ({"citizenship": "KZ", "citizenship_status": "stateless"}, "A stateless person has no citizenship."),
        ({"citizenship": "KZ", "citizenship_status": "not_known"}, "Leave one of the two."),
        ({"citizenship": "", "citizenship_status": "known"}, "Name the country"),
    ):
        page = register(clinician, **said)
        assert page.status_code == 422
        assert words in text_of(page), said
        countries = [said["citizenship"]] if said["citizenship"] else []
        answer = api.post(
            "patients/", sent(citizenships=countries, citizenship_status=said["citizenship_status"])
        )
        assert answer.status_code == 422
        assert words in answer.data["errors"][0]["detail"]
    asked = text_of(register(clinician, citizenship="Таджикистон", number0_country="Атлантида"))
    assert "If you mean Tajikistan, write it so." in asked
    assert "issued by: there is no such country" in asked
    unknown = api.post("patients/", sent(citizenships=["ZZ"], citizenship="TJ"))
    assert {error["field"] for error in unknown.data["errors"]} == {"citizenships.0"}
    apart = api.post("patients/", sent(citizenships=["RU"], citizenship="TJ"))
    assert (apart.status_code, apart.data["errors"][0]["field"]) == (422, "citizenship")
    assert not Patient.objects.exists()


def test_a_client_of_one_citizenship_takes_none_of_several_away(world: World) -> None:
    api = make_api(world.korday)
    made = api.post("patients/", sent(citizenships=["TJ", "RU"]))
    url = f"patients/{made.data['id']}/"
    for change, expected in (
        ({"citizenship": "TJ"}, ("known", ["TJ", "RU"])),
        ({"citizenship": "UZ"}, ("known", ["UZ"])),
        ({"citizenship_status": "stateless"}, ("stateless", [])),
        ({"citizenships": ["AF", "AF", "PK"]}, ("known", ["AF", "PK"])),
        ({"citizenships": []}, ("not_known", [])),
    ):
        answer = api.patch(url, change, If_Match=api.get(url)["ETag"])
        assert answer.status_code == 200, answer.data
        assert (answer.data["citizenship_status"], answer.data["citizenships"]) == expected, change


def test_the_database_keeps_the_four_apart(world: World) -> None:
    patient = make_patient(world.actor("clinician_kz"))
    for values, constraint in (
        ({"citizenship_status": "stateless"}, "patient_citizenship_one_of_three"),
        ({"citizenships": []}, "patient_citizenship_one_of_three"),
        ({"citizenships": ["kz"]}, "patient_citizenships_are_codes"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Patient.objects.filter(pk=patient.pk).update(**values)
    with pytest.raises(IntegrityError, match="identifier_country_is_code"), transaction.atomic():
        patient.identifiers.create(system="passport", country="F1", value="TEST12345")
    with pytest.raises(IntegrityError, match="identifier_document_may_expire"), transaction.atomic():
        patient.identifiers.update(expires_on="2030-01-01")


def test_a_foreign_passport_is_kept_shown_found_and_belongs_to_one(world: World, clinician: Client) -> None:
    given = {
        "number0_system": "",
        "number0_value": "",
        "number1_system": "passport",
        "number1_value": "АВ 76-54321",  # in Cyrillic letters
        "number1_country": "Afghanistan",
    }
    asked = register(clinician, **given, **day("number1_expires_on", date(2199, 1, 1)))
    assert "No document is valid until that day." in text_of(asked)
    over = timezone.localdate().replace(year=2001, day=1)
    assert register(clinician, **given, **day("number1_expires_on", over)).status_code == 302
    patient = Patient.objects.get()
    number = patient.identifiers.get()
    assert (number.country, number.value, number.expires_on) == ("AF", "AB7654321", over)
    page = text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))
    for words in ("AB7654321", "Afghanistan", "valid until", ">Over<"):
        assert words in page
    url = reverse("patients:detail", args=[patient.pk])
    for typed in ("AB7654321", "АВ7654321", "ab 765 4321"):
        assert url in find(clinician, typed)
    # The same number of another country, or another kind of document, is another number.
    api = make_api(world.korday)
    add = f"patients/{patient.pk}/identifiers/"
    for document in (
        {"system": "passport", "country": "PK", "value": "AB7654321"},
        {"system": "identity-card", "country": "AF", "value": "AB7654321", "expires_on": "2031-05-06"},
        {"system": "residence-permit", "country": "KZ", "value": "AB7654321"},
        {"system": "travel-document", "country": "DE", "value": "AB7654321"},
    ):
        made = api.post(add, document)
        assert (made.status_code, made.data["country"]) == (201, document["country"]), made.data
        assert made.data["expires_on"] == document.get("expires_on")
    taken = api.post(
        "patients/", sent(identifiers=[{"system": "passport", "country": "AF", "value": "АВ7654321"}])
    )
    assert taken.status_code == 422
    for wrong in (
        {"system": "passport", "country": "ZZ", "value": "AB7654322"},
        {"system": "passport", "country": "af", "value": "AB7654322"},
        {"system": "passport", "value": "AB7654322"},
        {"system": "passport", "country": "AF", "value": "AB_7654322"},
        {"system": "passport", "country": "AF", "value": "0000000"},
        {"system": "passport", "country": "AF", "value": "AB7654322", "expires_on": "1900-01-01"},
        {"system": "kz-iin", "value": "850706499020", "expires_on": "2031-01-01"},
    ):
        assert api.post(add, wrong).status_code == 422, wrong
    assert Identifier.objects.count() == 5
    again = clinician.post(
        reverse("patients:identifier_add", args=[patient.pk]),
        {"system": "passport", "value": "N7654321", "country": "Индия", **day("expires_on", over)},
    )
    assert again.status_code == 302
    assert Identifier.objects.get(country="IN").expires_on == over


def test_an_edit_on_the_page_leaves_what_it_has_no_field_for(world: World, clinician: Client) -> None:
    four = ["KZ", "TJ", "RU", "DE"]
    patient = make_patient(world.actor("clinician_kz"), citizenships=four)
    url = reverse("patients:edit", args=[patient.pk])
    change = edited(patient, citizenship="KZ", citizenship_2="Tajikistan", citizenship_3="", address="Test")
    assert clinician.post(url, change | {"citizenship_status": "known"}).status_code == 302
    patient.refresh_from_db()
    assert (patient.address, patient.citizenships) == ("Test", ["KZ", "TJ", "DE"])
