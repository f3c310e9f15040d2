"""Finding patients through the pages, and what the pages cost."""

import gzip
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.db import as_actor
from patients import access, actions, search
from patients.cleaning import clean_person
from patients.models import Identifier, Patient, Registration
from tests.counting import statements
from tests.factories.facilities import World
from tests.factories.patients import make_consent, make_coverage, make_patient, person
from tests.integration.patient_forms import (
    IIN,
    day,
    find,
    pages_of,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def clinician(world: World) -> Client:
    return signed_in(world, "clinician_kz")


@pytest.fixture
def outsider(world: World) -> Client:
    return signed_in(world, "outsider")


def test_finding_by_number_and_by_name_in_either_script(
    world: World, clinician: Client, outsider: Client
) -> None:
    known = make_patient(world.actor("clinician_kz"), family_name="Қордаева", given_name="Әсел")
    url = reverse("patients:detail", args=[known.pk])
    value = known.identifiers.get().value
    for q in ("Korday", "қордаева әсел", "Qordayva", value, f"{value[:6]} {value[6:]}"):
        assert url in find(clinician, q), q
        assert url not in find(outsider, q), q
    assert known.birth_date is not None
    assert url in find(clinician, "korday", **day("born", known.birth_date))
    assert url not in find(clinician, "korday", **day("born", date(1901, 1, 1)))
    assert "Name or number: fill this in." in find(clinician, "")
    nothing = find(clinician, "Нетникого")
    assert "No patient of your facility was found" in nothing
    assert reverse("patients:register") in nothing
    assert "invisible character" in find(clinician, "Қор\u200bдай")
    assert "too long" in find(clinician, "x" * 10_000)
    assert "must be a real date" in find(clinician, "", born_day="31", born_month="2", born_year="1990")


def test_what_was_found_has_an_address_that_tells_nothing(world: World, clinician: Client) -> None:
    known = make_patient(world.actor("clinician_kz"))
    value = known.identifiers.get().value
    sent = clinician.post("/patients/", {"q": value})
    assert sent.status_code == 302
    assert re.fullmatch(r"/patients/\?s=[\w-]{8}", sent["Location"])
    for _visit in range(2):
        back = clinician.get(sent["Location"]).content.decode()
        assert reverse("patients:detail", args=[known.pk]) in back
        assert f'value="{value}"' in back
    assert value not in str(dict(clinician.session)), "sealed where it lies"
    assert clinician.post("/patients/", {"q": value})["Location"] == sent["Location"]
    other = signed_in(world, "clinician_kz").get(sent["Location"]).content.decode()
    assert value not in other.split("<table")[0]


def queries(client: Client, url: str, data: dict[str, str] | None = None) -> int:
    found = client.post(url, data)["Location"] if data else url
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(found)
    assert response.status_code == 200
    return len(statements(caught))


def make_many(world: World, first: int, last: int) -> None:
    """Rows as `register_patient` makes them, in bulk."""
    patients, numbers = [], []
    for n in range(first, last):
        given = person(n, "KZ", citizenships=["KZ"], residence_district=world.units["korday"].pk)
        values, errors = clean_person(given, country="KZ")
        assert not errors
        patients.append(Patient(**values))
        (system, country, value), *_rest = given["identifiers"]
        numbers.append(Identifier(patient=patients[-1], system=system, country=country, value=value))
    Patient.objects.bulk_create(patients)
    Identifier.objects.bulk_create(numbers)
    Registration.objects.bulk_create(Registration(patient=one, facility=world.korday) for one in patients)


@pytest.mark.in_turn
def test_finding_takes_the_same_queries_from_10_to_1000_patients(world: World, clinician: Client) -> None:
    url = reverse("patients:find")
    make_many(world, 1, 11)
    few = [
        queries(clinician, url),
        queries(clinician, url, {"q": "Тестов"}),
        queries(clinician, url, {"q": IIN}),
    ]
    make_many(world, 11, 1001)
    many = [
        queries(clinician, url),
        queries(clinician, url, {"q": "Тестов"}),
        queries(clinician, url, {"q": IIN}),
    ]
    assert few == many
    assert max(many) <= 9, many


def test_a_search_begins_with_the_facility_s_own(world: World) -> None:
    """Behind row-level security no pattern may use an index: the facility's own words are looked up by equality."""
    make_many(world, 1, 200)
    rows = access.visible_patients(actor := world.actor("clinician_kz"))
    with as_actor(actor):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        words = search.named(search.at(actor.organisation_id), ["kordaeva"])
        plan = rows.filter(pk__in=words).explain()
    assert re.search(r"Scan using word_of_a_facility on patients_searchword", plan), plan
    assert "Seq Scan on patients_patient" not in plan


def test_pages_are_light(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    make_many(world, 1, 25)
    patient = Patient.objects.order_by("created_at")[0]
    make_consent(actor, patient, "KG")
    make_coverage(actor, patient, world.funds["KZ"].pk)
    number = patient.identifiers.get()
    urls = [*pages_of(patient), reverse("patients:identifier_remove", args=[patient.pk, number.pk])]
    for url in urls:
        size = len(gzip.compress(clinician.get(url).content))
        assert size <= 15_000, (url, size)


def test_a_patients_page_takes_a_constant_number_of_queries(world: World, clinician: Client) -> None:
    actor = world.actor("clinician_kz")
    patient = make_patient(actor)
    url = reverse("patients:detail", args=[patient.pk])
    before = queries(clinician, url)
    for index in range(5):
        make_consent(actor, patient, "KG", valid_to=timezone.localdate() + timedelta(days=index))
        make_coverage(actor, patient, world.funds["KZ"].pk, number=f"C-{index + 1}")
        actions.add_identifier(
            by=actor, patient_id=patient.pk, system="passport", country="KZ", value=f"TEST000{index + 1}"
        )
    assert queries(clinician, url) <= before + 3  # the countries and funds of rows that weren't there
    assert before <= 17  # two of them: legal holds, and what was corrected
