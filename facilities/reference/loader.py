"""Load the reference data from the project's own copy. Safe to repeat; a person's change is kept."""

from collections.abc import Callable

from django.db import connection

from core import zones
from core.actors import SYSTEM
from core.audit import log as audit
from core.db import transaction_for
from facilities.lookups.facility_text import facility_search_text
from facilities.lookups.namesakes import tell_apart
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    CrossingHours,
    DistrictAdjacency,
    EquipmentKind,
    Facility,
    FacilityEquipment,
    FacilityService,
    Icd10,
    Organisation,
    Specialty,
)
from facilities.reference import calendars, tables
from facilities.reference.files import read
from facilities.reference.report import LoadReport, TableReport
from facilities.reference.sync import sync
from facilities.reference.tables import Keys
from facilities.textsearch import icd10_search_text

_LOCK = 0x7265_6665  # any constant; two loads at the same time wait for each other


def load(report: Callable[[str], object] = print) -> LoadReport:
    """Load every table, in one transaction, and pass each line of the report to `report`.

    Returns the counts and what was kept. Repeating it changes nothing; a newer copy of the files updates
    what nobody touched.
    """
    result = LoadReport()
    with transaction_for(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        keys = Keys()
        _load_places(keys, result)
        _load_codes(keys, result)
        _load_organisations(keys, result)
        if any(table.created or table.updated for table in result.tables):
            _analyze()
            audit.record("reference.load", by=SYSTEM, details=result.counts)
    for line in result.lines():
        report(line)
    return result


#: What the words of the file on equipment mean; it speaks of whole groups of facilities, says its own note.
_EQUIPMENT = {"msct": EquipmentKind.CT, "angiography": EquipmentKind.ANGIOGRAPHY}


def _load_equipment(report: TableReport) -> None:
    """What a list says that a group of facilities has, for those of which nobody has said anything of that kind."""
    known = set(FacilityEquipment.objects.values_list("facility_id", "kind"))
    rows = Facility.objects.filter(capabilities__in=_EQUIPMENT).order_by("pk")
    new = [
        FacilityEquipment(
            facility_id=pk,
            kind=_EQUIPMENT[words],
            for_group=True,
            source=(note or "list of facilities")[:300],
        )
        for pk, words, note in rows.values_list("pk", "capabilities", "capability_note")
        if (pk, _EQUIPMENT[words]) not in known
    ]
    FacilityEquipment.objects.bulk_create(new)
    report.total += len(rows)
    report.created += len(new)


def _analyze() -> None:
    """Tell the planner what the tables hold now: without it the first searches read whole tables."""
    with connection.cursor() as cursor:
        for model in (Icd10, Facility, FacilityService, AdminUnit):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _load_places(keys: Keys, result: LoadReport) -> None:
    sync(Country, tables.countries(), key=("code",), report=result.table("countries"))
    calendars.load(result.table("days off and moved working days"))
    for level, name in ((1, "regions"), (2, "districts")):
        rows = list(tables.admin_units(keys, level))
        sync(
            AdminUnit,
            rows,
            key=("country_id", "code"),
            report=result.table(name),
            among=AdminUnit.objects.filter(level=level),
        )
        keys.units = {(u.country_id, u.code): u.pk for u in AdminUnit.objects.only("country_id", "code")}
    sync(
        DistrictAdjacency,
        tables.adjacencies(keys),
        key=("a_id", "b_id"),
        report=result.table("pairs of districts across a border"),
    )
    sync(
        BorderCrossing,
        tables.crossings(keys),
        key=("country_a_id", "country_b_id", "name_a"),
        report=result.table("border crossings"),
    )
    keys.crossings = {
        (row.country_a_id, row.country_b_id, row.name_a): row.pk
        for row in BorderCrossing.objects.only("country_a_id", "country_b_id", "name_a")
    }
    sync(
        CrossingHours,
        tables.crossing_hours(keys),
        key=("crossing_id", "traffic", "as_of", "status"),
        report=result.table("hours of border crossings"),
    )


def _load_codes(keys: Keys, result: LoadReport) -> None:
    sync(Specialty, tables.specialties(), key=("system", "code"), report=result.table("specialties"))
    keys.specialties = dict(Specialty.objects.values_list("code", "pk"))
    sync(
        Icd10,
        tables.icd10(),
        key=("code",),
        report=result.table("ICD-10 codes"),
        derive=_derive_icd10,
        derived=("search",),
    )


def _derive_icd10(row: Icd10) -> None:
    row.search = icd10_search_text(row.titles)


def _load_organisations(keys: Keys, result: LoadReport) -> None:
    confirmed = dict(Facility.objects.exclude(confirmed={}).values_list("pk", "confirmed"))
    sync(
        Organisation,
        tables.organisations(),
        key=("code",),
        report=result.table("organisations"),
        held=lambda row: confirmed.get(row.pk, {}),
    )
    keys.organisations = dict(Organisation.objects.values_list("code", "pk"))
    organisations = Organisation.objects.in_bulk()
    units = AdminUnit.objects.select_related("parent").in_bulk()
    today = zones.today()

    def derive(row: Facility) -> None:
        unit = units.get(row.admin_unit_id) if row.admin_unit_id else None
        row.search = facility_search_text(row, organisations[row.organisation_id], unit)

    def retire(row: Facility) -> bool:
        """A row that left the lists is offered no more; one that somebody confirmed stays as it is."""
        if row.retired_on is not None or row.confirmed:
            return False
        row.retired_on = today
        return True

    sync(
        Facility,
        tables.facilities(keys),
        key=("organisation_id",),
        report=result.table("facilities"),
        derive=derive,
        derived=("search",),
        held=lambda row: row.confirmed,
        gone=retire,
    )
    retired = dict(Facility.objects.exclude(retired_on=None).values_list("organisation__code", "pk"))
    back = (
        [retired[row["code"]] for row in read("facilities.csv") if row["code"] in retired] if retired else []
    )
    Facility.objects.filter(pk__in=back).update(retired_on=None)
    sync(
        FacilityService,
        tables.services(keys),
        key=("facility_id", "specialty_id"),
        report=result.table("services"),
    )
    _load_equipment(result.table("equipment of facilities"))
    if any(table.created or table.updated for table in result.tables):
        tell_apart()
