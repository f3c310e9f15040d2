"""The facility directory as a query: narrowed, searched, and ordered by distance or by name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FloatField, OuterRef, Q, QuerySet, Value

from facilities.lookups.distance import distance_from
from facilities.models import AdminUnit, Facility, FacilityService, Specialty
from facilities.textsearch import beginnings, reading_key

MAX_WORDS = 8
MAX_LENGTH = 100


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """What the directory is narrowed to; an empty field narrows nothing.

    `text` is searched in names, places and types, and in the names of `specialties`, which the caller has at
    hand for its own list. `near` orders by distance from that district.
    """

    text: str = ""
    specialties: Collection[Specialty] = ()
    country: str = ""
    specialty: Specialty | None = None
    region: AdminUnit | None = None
    care_level: str = ""
    near: AdminUnit | None = None


def directory_rows(rows: QuerySet[Facility], wanted: DirectoryFilter) -> QuerySet[Facility]:
    """`rows` as wanted, with two columns: `distance_km` (None without `near`) and `specialty_ids` (a list).

    Ordered by distance, those without a known position last; without `near` by country and name.
    """
    for word in words_of(wanted.text):
        rows = rows.filter(says(word) | _offers(_named(word, wanted.specialties)))
    if wanted.country:
        rows = rows.filter(organisation__country_id=wanted.country)
    if wanted.specialty:
        rows = rows.filter(_offers([wanted.specialty.pk]))
    if wanted.region:
        rows = rows.filter(Q(admin_unit=wanted.region) | Q(admin_unit__parent=wanted.region))
    if wanted.care_level:
        rows = rows.filter(care_level=wanted.care_level)
    offered = FacilityService.objects.filter(facility=OuterRef("pk"), active=True)
    rows = rows.annotate(
        specialty_ids=ArraySubquery(offered.order_by("specialty__names__en", "pk").values("specialty_id"))
    )
    return _ordered(rows, wanted.near)


def words_of(text: str) -> list[str]:
    """The words that a search asks for, as reading keys; at most a few, of a text of sensible length."""
    return reading_key(text[:MAX_LENGTH]).split()[:MAX_WORDS]


def says(word: str) -> Q:
    """The facilities with a word, in their names and places in any language, that begins so."""
    found = Q()
    for beginning in beginnings(word):
        found |= Q(search__contains=f" {beginning}")
    return found


def _offers(specialty_ids: Collection[int]) -> Q:
    offered = FacilityService.objects.filter(specialty_id__in=specialty_ids, active=True)
    return Q(pk__in=offered.values("facility_id"))


def _named(word: str, specialties: Iterable[Specialty]) -> list[int]:
    """Specialties with a word in one of their names that starts with `word`."""
    return [
        row.pk
        for row in specialties
        if any(key.startswith(word) for name in row.names.values() for key in reading_key(name).split())
    ]


def _ordered(rows: QuerySet[Facility], near: AdminUnit | None) -> QuerySet[Facility]:
    point = near.point if near else None
    if point is None:
        rows = rows.annotate(distance_km=Value(None, FloatField()))
        return rows.order_by("organisation__country_id", "organisation__name", "pk")
    return rows.annotate(distance_km=distance_from(*point)).order_by(
        F("distance_km").asc(nulls_last=True), "pk"
    )
