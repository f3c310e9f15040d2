"""What every partner's system is told of the directory."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from core.actors import Actor
from core.feed.registry import About, Kind, Shown, add_types, when
from core.permissions import Permission, Role
from core.prepared import OneOf, lent, prepared, values_of
from facilities import access
from facilities.events import (
    CLIENT_MADE,
    CLIENT_REVOKED,
    DIRECTORY_LOADED,
    DIRECTORY_ROW,
    ENDED,
    FACILITY_FACTS,
    GIVEN,
)
from facilities.models import (
    AdminUnit,
    BorderCrossing,
    Country,
    CrossingHours,
    DistrictAdjacency,
    Facility,
    Icd10,
    Organisation,
    Specialty,
)

BASE = "/api/v1/"
#: The list in which a row of the reference stands. Whoever keeps one reads it anew.
LISTS: Mapping[type, str] = {
    Country: "districts",
    AdminUnit: "districts",
    DistrictAdjacency: "districts",
    BorderCrossing: "crossings",
    CrossingHours: "crossings",
    Specialty: "specialties",
    Icd10: "icd10",
    Organisation: "funds",
}
#: Which lists a load of the reference has changed, by the tables of its report.
_LOADED: Mapping[str, tuple[str, ...]] = {
    "regions": ("districts",),
    "districts": ("districts",),
    "pairs of districts across a border": ("districts",),
    "border crossings": ("crossings",),
    "hours of border crossings": ("crossings",),
    "specialties": ("specialties",),
    "ICD-10 codes": ("icd10",),
    "organisations": ("facilities", "funds"),
    "facilities": ("facilities",),
    "services": ("facilities",),
    "agreements": ("agreements",),
}
#: Everybody who may read the directory.
EVERYBODY = ("directory",)


def reads_directory(actor: Actor) -> tuple[str, ...]:
    """The key under which an actor is told of the directory."""
    return EVERYBODY if actor.has(Permission.SEE_DIRECTORY) else ()


def _shown_facilities(actor: Actor, ids: Collection[str]) -> dict[str, Shown]:
    rows = prepared(_facilities, lent(actor)).rows(ids=[int(key) for key in ids], **values_of(actor))
    return {str(pk): Shown(f"{BASE}facilities/{pk}/") for (pk,) in rows}


def _facilities(actor: Actor) -> QuerySet[Facility, Any]:
    seen = access.visible_facilities(actor).filter(OneOf("pk", "ids", "bigint"))
    return seen.order_by().values_list("pk")


def _shown_lists(actor: Actor, ids: Collection[str]) -> dict[str, Shown]:
    return {name: Shown(f"{BASE}{name}/") for name in ids}


FACILITY = Kind(
    name="facility",
    resource="directory",
    words="A facility of the directory.",
    parties=reads_directory,
    shown=_shown_facilities,
)
DIRECTORY = Kind(
    name="directory",
    resource="directory",
    words="A list of the directory, by its name in the address: read it anew if you keep it.",
    parties=reads_directory,
    shown=_shown_lists,
)
add_types(FACILITY, {"facility.changed": "What the directory says of a facility was changed"})
add_types(
    DIRECTORY,
    {
        "directory.changed": "A row of the list was changed",
        "directory.loaded": "The list was loaded anew, and rows of it are others",
    },
)


def _facility(facility: Facility, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About(str(facility.pk), EVERYBODY)]


def _desk(row: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    """Who can answer in the portal: a role at the desk was given or ended, or a system came or went."""
    if getattr(row, "role", Role.HOST_DESK) == Role.HOST_DESK:
        yield About(str(row.organisation_id), EVERYBODY)


def _list(row: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    name = LISTS.get(type(row))
    return [About(name, EVERYBODY)] if name else []


def _loaded(row: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    names = {name: None for table in payload["tables"] for name in _LOADED.get(table, ())}
    return [About(name, EVERYBODY) for name in names]


when(FACILITY_FACTS, "facility.changed", _facility)
for _event in (GIVEN, ENDED, CLIENT_MADE, CLIENT_REVOKED):
    when(_event, "facility.changed", _desk)
when(DIRECTORY_ROW, "directory.changed", _list)
when(DIRECTORY_LOADED, "directory.loaded", _loaded)
