"""A date of birth of which a part is known: kept, shown, searched, compared, and never guessed."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core import languages
from core.partial import PartialDate
from patients import duplicates
from patients.models import Patient
from patients.presentation import birth_text, partial_short
from referrals.facts import gather
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.patients import make_patient
from tests.integration.patient_forms import IIN_BORN, day, edited, find, register, signed_in, text_of
from tests.integration.test_api_directing import person

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
YEAR = {"birth_date_day": "", "birth_date_month": "", "birth_date_year": "1961"}
MONTH = YEAR | {"birth_date_month": "3"}


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        (YEAR, "1961", "1961, the day and the month are not known"),
        (MONTH, "1961-03", "March 1961, the day is not known"),
        (MONTH | {"birth_date_day": "5"}, "1961-03-05", "5 March 1961"),
    ],
)
def test_what_is_known_is_kept_and_shown(
    world: World, clinician: Client, typed: dict[str, str], kept: str, shown: str
) -> None:
    passport = {"number0_system": "passport", "number0_value": "N7654321", "number0_country": "KZ"}
    assert register(clinician, **typed, **passport).status_code == 302
    patient = Patient.objects.get()
    assert str(patient.born) == kept
    url = reverse("patients:detail", args=[patient.pk])
    page = text_of(clinician.get(url))
    assert shown in page
    assert ("about 65 years" in page) is (len(kept) == 4 and timezone.localdate().year == 2026) or len(
        kept
    ) > 4
    # The form has what is known in its boxes; saved again, it stays so.
    change = edited(patient, address="Test", **typed) | {"citizenship_status": "known"}
    form = text_of(clinician.get(reverse("patients:edit", args=[patient.pk])))
    assert (
        f'name="birth_date_month" type="text" inputmode="numeric" value="{typed["birth_date_month"]}"' in form
    )
    assert clinician.post(reverse("patients:edit", args=[patient.pk]), change).status_code == 302
    patient.refresh_from_db()
    assert (patient.address, str(patient.born)) == ("Test", kept)
    # Lists and the search, by what is typed of the date.
    row = {"1961": ">1961<", "1961-03": ">March 1961<", "1961-03-05": ">5 Mar 1961<"}[kept]
    for born, finds in (
        ({"born_year": "1961"}, True),
        ({"born_month": "3", "born_year": "1961"}, True),
        (day("born", date(1961, 3, 5)), True),
        ({"born_month": "4", "born_year": "1961"}, kept == "1961"),
        (day("born", date(1961, 3, 6)), kept != "1961-03-05"),
        (day("born", date(1962, 1, 1)), False),
    ):
        found = find(clinician, "Тестов", **born)
        assert (url in found) is finds, born
        assert not finds or row in found.replace(" <", "<").replace("> ", ">")
    api = make_api(world.korday)
    assert api.get(f"patients/{patient.pk}/").data["birth_date"] == kept
    assert [one["birth_date"] for one in api.get("patients/?birth_date=1961").data["results"]] == [kept]


def test_the_api_takes_as_much_as_is_known(world: World) -> None:
    api = make_api(world.korday)
    made = api.post("patients/", person(birth_date="1961"))
    assert (made.status_code, made.data["birth_date"]) == (201, "1961")
    url = f"patients/{made.data['id']}/"
    for sent in ("1961-03", "1961-03-05", "1960"):
        answer = api.patch(url, {"birth_date": sent}, If_Match=api.get(url)["ETag"])
        assert (answer.status_code, answer.data["birth_date"]) == (200, sent)
    this_year = str(timezone.localdate().year + 1)
    for sent in ("61", "1961-13", "1961-02-29", "1961-3", "١٩٦١", "", 1961, this_year, "1879"):
        answer = api.patch(url, {"birth_date": sent}, If_Match=api.get(url)["ETag"])
        assert (answer.status_code, answer.data["errors"][0]["field"]) == (422, "birth_date"), sent
    for sent in ("0001", "0001-01-01", "2199", "2199-01-01"):
        for answer in (
            api.get(f"patients/?birth_date={sent}"),
            api.post("patients/search/", {"name": "a", "birth_date": sent}),
        ):
            assert (answer.status_code, answer.data["errors"][0]["field"]) == (422, "birth_date"), sent
    number = {"system": "passport", "country": "KZ", "value": "N12345678"}
    other = make_api(world.taraz)
    for sent, status in (("1960-03-05", 422), ("1960-01-01", 422), ("1960", 201)):
        link = other.post(
            "patients/link/",
            {"identifier": number, "birth_date": sent, "ground": {"kind": "consent", "how": "written"}},
            Idempotency_Key=sent,
        )
        assert link.status_code == status, sent
    with pytest.raises(IntegrityError, match="first_of_precision"), transaction.atomic():
        Patient.objects.update(birth_date=date(1960, 1, 2))


def test_a_day_without_its_month_is_asked_about(clinician: Client) -> None:
    page = text_of(register(clinician, birth_date_month=""))
    assert "Date of birth must include a month." in page
    page = text_of(register(clinician, birth_date_day="", birth_date_month="13"))
    assert "Date of birth must be a real date." in page
    assert "enter the date" in text_of(register(clinician, **dict.fromkeys(YEAR, "")))


def test_a_number_that_says_more_is_asked_about_and_reviewed(world: World, clinician: Client) -> None:
    known = day("birth_date", IIN_BORN) | {"birth_date_day": "", "birth_date_month": ""}
    assert "speaks of a whole date of birth" in text_of(register(clinician, **known))
    other = known | {"birth_date_year": "1991"}
    assert "another date of birth" in text_of(register(clinician, **other))
    make.make_agreement()
    actor = world.actor("clinician_kz")
    patient = make.make_patient(
        world,
        actor,
        birth_date=PartialDate.read("1990"),
        identifiers=[("kz-iin", "", "900101399016")],
        sex="male",
    )
    same = make.make_patient(world, actor, **{name: getattr(patient, name) for name in ("given_name",)})
    Patient.objects.filter(pk=same.pk).update(birth_date=date(1990, 7, 8), name_key=patient.name_key)
    make.make_submitted(world, patient=same)
    referral = make.make_submitted(world, patient=patient)
    assert referral.agreement_version is not None
    facts = gather(referral, referral.agreement_version)
    assert facts.patient.birth_date == "1990"
    assert facts.patient.identifiers[0].warnings == ("birth_date_partial",)
    assert [other.same_record for other in facts.other_referrals] == [False]


@pytest.mark.parametrize(
    ("known", "entered", "reason"),
    [
        ("1990", "1990-08-01", "birth_partial"),
        ("1990-03-05", "1990", "birth_partial"),
        ("1990", "1990", "birth_partial"),
        ("1990-03", "1990-03-09", "birth_partial"),
        ("1990-03", "1990-04-09", "birth_year"),
        ("1990", "1990-01-01", "birth_partial"),
        ("1990", "1991-01-01", ""),
    ],
)
def test_who_may_be_born_then_may_be_the_same(world: World, known: str, entered: str, reason: str) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(
        actor, family_name="Кордаева", given_name="Асель", birth_date=PartialDate.read(known), identifiers=[]
    )
    found = duplicates.likely_duplicates(
        actor, family_name="Qordayeva", given_name="Asel", birth_date=PartialDate.read(entered)
    )
    assert [(one.patient, one.reason) for one in found.here] == ([(patient, reason)] if reason else [])


def test_every_language_says_how_much_is_known() -> None:
    month, year = PartialDate.read("1961-03"), PartialDate.read("1961")
    shown = {}
    for language in languages.CODES:
        with translation.override(language):
            shown[language] = partial_short(month)
            assert partial_short(year) == "1961"
            patient = Patient(birth_date=year.first, birth_precision="year", birth_date_estimated=True)
            assert "1961" in birth_text(patient)
    assert shown == {
        "en": "March 1961",
        "ru": "Март 1961 года",
        "kk": "1961 жылғы наурыз",
        "ky": "1961-жыл, март",
        "uz": "1961-yil, mart",
    }
