"""A person whose document has one name, and what stands in a field for nothing: at the page and by API."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from facilities.models import Organisation
from patients.duplicates import likely_duplicates
from patients.models import Coverage, Patient
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.situations import SITUATIONS
from tests.integration.patient_forms import IIN_BORN, answers, edited, find, register, signed_in, text_of
from tests.integration.test_api_directing import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.mark.parametrize("field", ["family_name", "given_name"])
def test_one_name_is_a_whole_name_in_either_field(world: World, clinician: Client, field: str) -> None:
    other = {"family_name": "given_name", "given_name": "family_name"}[field]
    nothing = register(clinician, family_name="", given_name="", patronymic="")
    assert nothing.status_code == 422
    assert "the only name that it has" in text_of(nothing)
    one = {field: "Азамат", other: "", "patronymic": ""}
    assert register(clinician, **one).status_code == 302
    patient = Patient.objects.get()
    assert (patient.full_name, patient.name_latin, patient.name_key) == ("Азамат", "Azamat", "azamat")

    edit = reverse("patients:edit", args=[patient.pk])
    assert clinician.post(edit, edited(patient, address="Школьная 1")).status_code == 302
    emptied = clinician.post(edit, edited(Patient.objects.get(), **{field: ""}))
    assert emptied.status_code == 422
    page = text_of(clinician.get(reverse("patients:detail", args=[patient.pk])))
    assert "<h1>Азамат</h1>" in page
    assert "Azamat" in find(clinician, "Azamat")

    swapped = {other: "Azamat", field: "", "patronymic": ""}
    asked = register(clinician, **swapped, number0_value="", number0_system="")
    assert asked.status_code == 200, "the same one name, in the other field and script, is asked about"
    assert str(patient.pk) in asked.content.decode()
    actor = world.actor("clinician_kz")
    whole = {"family_name": "Жээнбеков", "given_name": "Азамат", "birth_date": IIN_BORN}
    assert [one.patient.pk for one in likely_duplicates(actor, **whole).here] == [patient.pk]
    twin = likely_duplicates(actor, **whole | {"given_name": "Нурлан"})
    assert not twin.here

    api = make_api(world.korday)
    alone = {field: "Одинамат", other: "", "patronymic": "", "birth_date": "1971-05-06", "identifiers": []}
    made = api.post("patients/", person(**alone))
    assert made.status_code == 201
    assert (made.data[field], made.data[other], made.data["name_latin"]) == ("Одинамат", "", "Odinamat")
    assert api.post("patients/", person(**alone)).status_code == 409
    refused = api.post("patients/", person(**alone | {field: ""}))
    assert refused.data["errors"][0]["field"] == "family_name"


def test_a_host_reads_one_name_without_a_stray_mark(world: World) -> None:
    referral = SITUATIONS["sent"](world)
    Patient.objects.filter(pk=referral.patient_id).update(
        family_name="", given_name="Азамат", patronymic="", name_latin="Azamat", name_key="azamat"
    )
    page = text_of(signed_in(world, "host_desk_kg").get(reverse("referrals:detail", args=[referral.pk])))
    assert re.search(r">\s*Азамат\s*<", page)
    assert not re.search(r"[,–—-]\s*Азамат|Азамат\s*[,–—-]\s*<", page)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("patronymic", "-", "Leave the field empty if the document has no such name."),
        ("patronymic", "нет", "Leave the field empty if the document has no such name."),
        ("given_name", "FNU", "Leave the field empty if the document has no such name."),
        ("phone", "0000000", "Leave the field empty if the number isn’t known."),
        ("phone", "+7 701 000 00 00", "Leave the field empty if the number isn’t known."),
        ("phone", "8701123456", "This is no complete telephone number."),
        ("phone", "90 123 45 67", "+998901234567"),
        ("phone", "8701 1234567; 8702 1234567", "Enter one telephone number alone"),
        ("next_of_kin_phone", "1111111", "Leave the field empty if the number isn’t known."),
        ("number", "123456789012", "the portal gives a temporary one"),
        ("coverage", "000000", "Leave the field empty if the number isn’t known."),
    ],
)
def test_what_stands_for_nothing_is_refused_with_what_to_do(
    world: World, clinician: Client, field: str, typed: str, sentence: str
) -> None:
    on_page = {"number": "number0_value", "coverage": "coverage_number"}.get(field, field)
    fund = Organisation.objects.filter(kind="fund", country_id="KZ").first()
    terms = {"kind": "state", "fund": fund, "source": "register", "valid_from": date(2026, 1, 1)}
    covered = {
        "coverage_kind": terms["kind"],
        "coverage_fund": str(fund.pk) if fund else "",
        "coverage_source": "register",
        "coverage_valid_from_day": "1",
        "coverage_valid_from_month": "1",
        "coverage_valid_from_year": "2026",
    }
    page = clinician.post(reverse("patients:register"), answers(clinician, **covered, **{on_page: typed}))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert f'value="{typed}"' in page.content.decode(), "what was typed is kept"

    asked = {field: typed}
    if field == "next_of_kin_phone":
        asked = {"next_of_kin": {"phone": typed}}
    elif field == "number":
        asked = {"identifiers": [{"system": "kz-iin", "value": typed}]}
    elif field == "coverage":
        coverage = {"kind": "state", "fund": fund.code if fund else "", "number": typed}
        asked = {"coverage": {**coverage, "valid_from": "2026-01-01", "source": "register"}}
    answer = make_api(world.korday).post("patients/", person(**asked))
    assert answer.status_code == 422
    assert any(sentence in error["detail"] for error in answer.data["errors"]), answer.data
    assert not Patient.objects.exists()
    assert not Coverage.objects.exists()
