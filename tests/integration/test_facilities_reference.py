"""Loading the reference data: whole, repeated, and over what a person changed."""

import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core import languages
from core.audit.models import AuditRow
from facilities import reference
from facilities.access import hosts_for, search_districts, search_icd10
from facilities.codesystems import SNOMED_CT
from facilities.lookups.hosts import offered
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    DistrictAdjacency,
    Facility,
    FacilityService,
    Icd10,
    Organisation,
    Specialty,
)
from facilities.othernames import _names
from facilities.reference.files import DATA
from facilities.reference.report import TableReport
from facilities.reference.sync import sync
from tests.factories.api import make_api

# One worker loads the data for the whole file.
pytestmark = [pytest.mark.xdist_group("reference"), pytest.mark.at_latest]
LABELLED = Path(__file__).resolve().parents[1] / "labelled"
COMMON = {
    "cardiology": "394579002",
    "cardiac surgery": "408466002",
    "oncology": "394592004",
    "radiotherapy": "419815003",
    "neurosurgery": "394610002",
    "paediatrics": "170",
    "obstetrics and gynaecology": "394585009",
    "traumatology": "394801008",
    "ophthalmology": "394594003",
}


def labelled(name):
    """What is typed, and what is right."""
    lines = (LABELLED / name).read_text("utf-8").splitlines()
    return [line.split(" | ") for line in lines if " | " in line]


@pytest.fixture(scope="module")
def loaded(moment, django_db_setup, django_db_blocker):
    """The whole reference data, loaded once for this file and rolled back after it; seconds that it took."""
    with django_db_blocker.unblock(), transaction.atomic():
        start = time.perf_counter()
        reference.load(lambda line: None)
        yield time.perf_counter() - start
        transaction.set_rollback(True)


@pytest.fixture
def full(loaded, django_db_blocker):
    """Each test on the loaded data, with its own changes undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loaded
        transaction.set_rollback(True)


def test_everything_is_there(full):
    assert Country.objects.count() == 3
    assert Counter(AdminUnit.objects.values_list("level", flat=True)) == {1: 43, 2: 471}
    assert DistrictAdjacency.objects.count() == 115
    assert BorderCrossing.objects.count() == 29
    assert Facility.objects.count() == 2389
    assert Specialty.objects.filter(system=SNOMED_CT.uri).count() == 116
    assert Specialty.objects.exclude(system=SNOMED_CT.uri).count() == 3
    assert Counter(Icd10.objects.values_list("level", flat=True)) == {
        "chapter": 22,
        "block": 274,
        "category": 2054,
        "subcategory": 12609,
    }
    kinds = Counter(Organisation.objects.values_list("kind", flat=True))
    assert kinds == {"facility": 2389, "ministry": 3, "fund": 3, "commission": 3, "operator": 1}
    assert full < 30, "seconds; some 3 on two idle cores"


def test_names_are_complete_where_they_must_be(full):
    assert not Specialty.objects.exclude(names__has_keys=["en", "ru"]).exists()
    assert not AdminUnit.objects.exclude(names__has_key="ru").exists()
    for kind in ("ministry", "fund"):
        for row in Organisation.objects.filter(kind=kind):
            assert set(row.names) == set(languages.CODES), row.code
    assert not AdminUnit.objects.filter(names__uz__contains="'").exists()


def test_services_say_their_ground_and_none_is_confirmed(full):
    assert not FacilityService.objects.filter(verified=True).exists()
    assert set(FacilityService.objects.values_list("basis", flat=True)) == {"source", "name", "type"}
    assert not FacilityService.objects.filter(facility__care_level="support").exists()
    assert not FacilityService.objects.filter(specialty__selectable=False).exists()


@pytest.mark.parametrize("home", ["KZ", "UZ", "KG"])
@pytest.mark.parametrize("code", COMMON.values(), ids=COMMON.keys())
def test_every_direction_has_hosts_for_common_specialties(full, home, code):
    district = {"KZ": "Кордайский", "UZ": "Andijon shahri", "KG": "Сузак"}[home]
    hosts = hosts_for(
        home=home, specialty=Specialty.objects.get(code=code), district=search_districts(district)[0]
    )
    assert {host.facility.country_code for host in hosts} == {"KZ", "UZ", "KG"} - {home}


def test_the_labelled_searches_find_their_diagnosis(full):
    """Of the labelled set at least 95 % have a right code among the first five; what is asked back is asked back."""
    rows = labelled("diagnoses.txt")
    assert len(rows) >= 300
    wrong, slowest = [], 0.0
    for typed, right in rows:
        start = time.process_time()
        found = search_icd10(typed)
        slowest = max(slowest, time.process_time() - start)
        offered = found.did_you_mean if right.startswith("?") else [row.code for row in found.rows[:5]]
        if not set(right.split()) & set(offered):
            wrong.append(typed)
        assert len({row.code for row in found.rows}) == len(found.rows) <= 20
    assert len(wrong) <= 0.05 * len(rows), wrong
    assert slowest < 0.5


def test_what_clinicians_say_names_diagnoses_that_exist(full):
    with (DATA / "diagnosis_words.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = set(Icd10.objects.filter(level__in=Icd10.SELECTABLE).values_list("code", flat=True))
    assert not [row["said"] for row in rows if not set(row["codes"].split()) <= known]
    assert len({row["said"].casefold() for row in rows}) == len(rows)
    assert len([row for row in rows if row["kind"] == "abbreviation"]) >= 150
    for said, code in (("ИБС", "I25"), ("IBS", "K58")):
        assert search_icd10(said).rows[0].code == code, "the letters tell them apart"
    assert search_icd10("ибсен").rows == [], "an abbreviation is no beginning of a word"


@pytest.mark.thorough
def test_every_district_is_found_by_each_of_its_names(full):
    units = AdminUnit.objects.filter(level=AdminUnit.Level.DISTRICT)
    names = [(unit.pk, name) for unit in units for name in unit.every_name]
    assert len(names) > 1400
    assert {(unit.country_id, unit.code) for unit in AdminUnit.objects.all()} >= set(_names()), (
        "of units that exist"
    )
    lost = [name for pk, name in names if pk not in {unit.pk for unit in search_districts(name)}]
    assert not lost


def test_a_district_is_found_by_its_russian_name_of_old(full):
    for typed, name in labelled("districts.txt"):
        assert name in [unit.names.get("uz") for unit in search_districts(typed)[:3]]
    assert search_districts("Шымбулакский") == [], "what is no district is none"


def test_repeating_changes_nothing(full):
    before = AuditRow.objects.count()
    report = reference.load(lambda line: None)
    assert all(
        not (table.created or table.updated or table.kept or table.vanished) for table in report.tables
    )
    assert AuditRow.objects.count() == before
    assert AuditRow.objects.filter(action="reference.load").exists()


def test_a_person_s_change_survives_and_is_reported(full):
    Organisation.objects.filter(code="F0001").update(phone="+7 727 000 00 00", email="desk@example.org")
    BorderCrossing.objects.filter(name_a="Капланбек").update(operating=False)
    lines = []
    report = reference.load(lines.append)
    kept = {(kept.row, kept.field): kept for table in report.tables for kept in table.kept}
    assert ("organisation F0001", "phone") in kept
    assert len(kept) == 2
    assert any("operating = False (reference: True)" in line for line in lines)
    organisation = Organisation.objects.get(code="F0001")
    assert organisation.phone == "+7 727 000 00 00"
    assert organisation.email == "desk@example.org"
    assert organisation.changed_by_person() == {"phone": ""}


def test_a_changed_reference_updates_what_nobody_touched(world):
    rows = [
        {
            "code": "394579002",
            "system": SNOMED_CT.uri,
            "display": "Cardiology",
            "names": {"en": "Cardiology", "ru": "Кардио"},
        }
    ]
    fields = ("system", "code")
    sync(Specialty, rows, key=fields, report=TableReport("first"))
    # The factory's rows were made by hand: what differs from the reference is a person's, and is kept.
    row = Specialty.objects.get(code="394579002")
    assert row.names["ru"] == "Кардиология"
    row.restore_reference()
    row.save()
    assert row.names["ru"] == "Кардио"
    newer = [{**rows[0], "names": {"en": "Cardiology", "ru": "Кардиология (новое)"}}]
    report = TableReport("second")
    sync(Specialty, newer, key=fields, report=report)
    row.refresh_from_db()
    assert row.names["ru"] == "Кардиология (новое)"
    assert (report.updated, report.kept) == (1, [])


def test_the_choice_of_a_host_reads_the_offers_by_index_and_answers_in_pages(full):
    """On the whole directory: neither the table of offers nor that of facilities is read or sorted as a whole."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE facilities_facilityservice, facilities_facility, facilities_organisation")
    specialty = Specialty.objects.get(code=COMMON["cardiac surgery"])
    plan = offered(home="KZ", specialty=specialty).explain()
    assert "Seq Scan on facilities_facilityservice" not in plan, plan
    assert "Seq Scan on facilities_facility " not in plan, plan
    # The specialty that most facilities offer, over the API: bounded pages that together are the whole list.
    counted = Counter(FacilityService.objects.filter(active=True).values_list("specialty_id", flat=True))
    widest = Specialty.objects.get(pk=counted.most_common(1)[0][0])
    district = AdminUnit.objects.get(country_id="KZ", code="314800000")
    hosts = hosts_for(home="KZ", specialty=widest, district=district)
    assert len(hosts) > 40
    sender = Facility.objects.filter(organisation__country_id="KZ").order_by("pk").first()
    api = make_api(sender)
    path = f"/api/v1/hosts/?specialty={widest.code}&district=KZ-314800000&on=2026-12-05"
    asked, seen, more = [], [], ""
    for limit in (10, 30):
        with CaptureQueriesContext(connection) as queries:
            found = api.get(f"{path}&limit={limit}{more}").data
        asked.append(len(queries))
        seen += [row["facility"]["id"] for row in found["results"]]
        assert len(found["results"]) == limit
        more = f"&cursor={found['next_cursor']}"
    assert seen == [host.facility.pk for host in hosts[: len(seen)]]
    assert asked[0] == asked[1], "a page further on costs no more"
    assert api.get(f"{path}&limit=101").status_code == 422
    assert api.get(f"{path}&cursor=nonsense").status_code == 422
