"""What lies around a facility: crossings of its region, and districts across the border."""

from dataclasses import dataclass

from django.db.models import Q

from facilities.lookups.distance import distance_from
from facilities.models import AdminUnit, BorderCrossing, Facility


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A district of another country, and how far its point is from the facility's town."""

    district: AdminUnit
    distance_km: float


def districts_across(facility: Facility, *, within_km: float = 100.0, limit: int = 10) -> list[Neighbour]:
    """Districts of other countries whose point lies within a great-circle distance, nearest first (one query)."""
    if facility.point is None:
        return []
    rows = (
        AdminUnit.objects.filter(level=AdminUnit.Level.DISTRICT)
        .exclude(country_id=facility.country_code)
        .select_related("country", "parent")
        .annotate(distance_km=distance_from(*facility.point))
        .filter(distance_km__lte=within_km)
        .order_by("distance_km", "pk")[:limit]
    )
    return [Neighbour(row, row.distance_km) for row in rows]


def crossings_near(facility: Facility) -> list[BorderCrossing]:
    """Crossings that a source places in the facility's district or region, its own district's first (two queries).

    Not by distance: no source gives the position of a crossing.
    """
    unit = facility.admin_unit
    if unit is None:
        return []
    region = unit.parent_id or unit.pk
    found = Q()
    for side in ("admin_unit_a", "admin_unit_b"):
        found |= Q(**{side: region}) | Q(**{f"{side}__parent": region})
    rows = (
        BorderCrossing.objects.filter(found)
        .select_related("country_a", "country_b", "admin_unit_a", "admin_unit_b")
        .prefetch_related("hours")
    )
    return sorted(rows, key=lambda row: (row.operating is False, unit.pk not in _units(row), row.pk))


def _units(row: BorderCrossing) -> set[int | None]:
    return {row.admin_unit_a_id, row.admin_unit_b_id}
