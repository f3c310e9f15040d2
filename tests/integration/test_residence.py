"""Where a patient lives, at home, abroad or not known: on the page, by the API, in the rules and in a merge."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from eligibility import RULES
from patients.models import Patient
from patients.presentation import place_text, residence_text
from referrals.facts import gather
from tests.factories import referrals as make
from tests.factories.api import Api, make_api
from tests.factories.facilities import World
from tests.factories.merging import merge, record, undo
from tests.integration.patient_forms import edited, find, register, signed_in, text_of
from tests.integration.test_api_directing import person

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
KORDAY = {"country": "KZ", "code": "314800000"}


def lives(data: Any) -> tuple[str | None, str | None]:
    district = data["residence_district"]
    return district and district["code"], data["residence_country"]


def patched(api: Api, patient_id: Any, **changes: Any) -> Any:
    url = f"patients/{patient_id}/"
    return api.patch(url, changes, If_Match=api.get(url)["ETag"])


def test_the_page_takes_any_country(world: World) -> None:
    clinician = signed_in(world, "clinician_kz")
    district = {"residence_district": "KZ:314800000", "residence_district_query": "KZ Kordayskiy"}
    district |= {"residence_district_searched": "KZ Kordayskiy"}
    for said, words in (
        ({"residence_country": "Атлантида"}, "there is no such country"),
        ({"residence_country": "Түркия", **district}, "The district lies in another country"),
    ):
        refused = register(clinician, **said)
        assert (refused.status_code, words in text_of(refused)) == (422, True)
        assert "id_residence_country" in text_of(refused)
    # The name as it was pasted from a letter, with its stress: kept and found without.
    name = {"family_name": "Тесто\u0301в"}
    assert register(clinician, residence_country="Türkiye", address="İzmir", **name).status_code == 302
    patient = Patient.objects.get()
    assert (patient.family_name, patient.residence_country, patient.lives_in) == ("Тестов", "TR", "TR")
    for page in ("detail", "edit"):
        assert "Türkiye" in text_of(clinician.get(reverse(f"patients:{page}", args=[patient.pk])))
    assert "Türkiye" in find(clinician, name["family_name"])
    change = edited(patient, **district, residence_country="Kazakhstan")
    assert clinician.post(reverse("patients:edit", args=[patient.pk]), change).status_code == 302
    patient.refresh_from_db()
    assert (patient.residence_district, patient.residence_country) == (world.units["korday"], "")
    with pytest.raises(IntegrityError, match="patient_residence_country"), transaction.atomic():
        Patient.objects.update(residence_country="TR")


def test_the_api_takes_any_country_and_the_last_word_decides(world: World) -> None:
    api = make_api(world.korday)
    apart = api.post("patients/", person(residence_country="RU"))
    assert (apart.status_code, apart.data["errors"][0]["field"]) == (422, "residence_country")
    made = api.post("patients/", person(residence_country="RU", residence_district=None))
    assert (made.status_code, lives(made.data)) == (201, (None, "RU"))
    assert api.post("patients/", person(residence_country="ZZ")).status_code == 422
    for changes, expected in (
        ({"phone": "+7 701 000 00 05"}, (None, "RU")),
        ({"residence_district": KORDAY}, ("314800000", "KZ")),
        ({"residence_country": "KZ"}, ("314800000", "KZ")),
        ({"residence_district": KORDAY, "residence_country": "KZ"}, ("314800000", "KZ")),
        ({"residence_country": "TR"}, (None, "TR")),
        ({"residence_country": None}, (None, None)),
        ({"residence_country": "UZ"}, (None, "UZ")),
    ):
        answer = patched(api, made.data["id"], **changes)
        assert (answer.status_code, lives(answer.data)) == (200, expected), changes
    assert lives(api.get("patients/").data["results"][0]) == (None, "UZ")


def test_the_rule_reviews_and_the_host_reads_it(world: World) -> None:
    clinician = world.actor("clinician_kz")
    abroad = make.make_patient(world, clinician, residence_district=None, residence_country="RU")
    referral = make.make_sent(world, patient=abroad)
    assert referral.agreement_version is not None
    for country, message in (("RU", "res_elsewhere"), ("KZ", "res_unknown"), ("", "res_unknown")):
        Patient.objects.filter(pk=abroad.pk).update(residence_country=country)
        referral.patient.refresh_from_db()
        facts = gather(referral, referral.agreement_version)
        result = RULES["RES-01"](facts, {})
        assert (result.outcome, result.message) == ("needs_review", message)
    Patient.objects.filter(pk=abroad.pk).update(residence_country="RU")
    case = make_api(world.bishkek).get(f"referrals/{referral.pk}/").data
    assert case["clinical"]["patient"]["residence_country"] == "RU"
    for who in ("officer_kz", "host_desk_kg"):
        assert "Russia" in text_of(signed_in(world, who).get(reverse("referrals:detail", args=[referral.pk])))


def test_a_merge_keeps_what_is_known_of_it_and_gives_it_back(world: World) -> None:
    number = {"identifiers": [("passport", "KZ", "N7654321")], "residence_district": None}
    one, other = record(world, residence_district=None), record(world, residence_country="KZ", **number)
    assert residence_text(other) == "Kazakhstan"
    done = merge(world, one, other)
    one.refresh_from_db()
    assert one.residence_country == "KZ"
    undo(world, done)
    one.refresh_from_db()
    assert (one.residence_country, place_text(one)) == ("", "")
    at_home = record(
        world, residence_district=world.units["korday"].pk, given_name="Двойня", patronymic="Вторая"
    )
    merge(world, other, at_home)
    other.refresh_from_db()
    assert (other.residence_district, other.residence_country) == (world.units["korday"], "")
