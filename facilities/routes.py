"""Distances and the crossing on the way. No travel time: no source gives roads or positions of crossings."""

import math
from collections.abc import Iterable

from django.db.models import Q

from facilities.models import AdminUnit, BorderCrossing, DistrictAdjacency, Facility
from facilities.reference.crossing_status import cargo_only

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)
Point = tuple[float, float]


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres between two points in degrees (haversine formula)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_phi = (phi2 - phi1) / 2
    half_lambda = math.radians(lon2 - lon1) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def distance_between(start: Point | None, end: Point | None) -> float | None:
    """`distance_km` of two points, None when one of them isn't known."""
    if start is None or end is None:
        return None
    return distance_km(*start, *end)


def crossing_for(district: AdminUnit, facility: Facility) -> BorderCrossing | None:
    """The crossing to name on the way from a district to a facility in another country, or None (2 queries).

    Sources place a crossing in a district or a region, never on the map. So the choice goes by districts:

    1. only crossings between the two countries that take persons, or of which nothing else is said;
    2. one that its source names as closed comes after all others;
    3. then by place: in the patient's district; in a district that touches it across the border, or in the
       facility's own district; in the patient's region or the facility's region;
    4. then one known to operate, before one of which that isn't known;
    5. then by road, on foot, by rail; then in the order of the reference.

    A crossing elsewhere on the border is not named: nothing says that it lies on the way. None, then, means
    that the portal doesn't know, not that there is none.
    """
    if district.country_id == facility.country_code:
        return None
    return Crossings.between(district, {facility.country_code}).best(facility)


class Crossings:
    """The crossings from one district's country, for choosing one for each of many facilities."""

    def __init__(self, district: AdminUnit, crossings: Iterable[BorderCrossing], touching: set[int]) -> None:
        self.district = district
        self.touching = touching
        self.crossings = [row for row in crossings if not cargo_only(row.status, row.persons)]

    @classmethod
    def between(cls, district: AdminUnit, countries: set[str], *, hours: bool = False) -> "Crossings":
        """Load the crossings to `countries` and the districts that touch `district` (2 queries; 3 with the hours)."""
        home = district.country_id
        crossings = BorderCrossing.objects.filter(
            Q(country_a_id=home, country_b_id__in=countries)
            | Q(country_b_id=home, country_a_id__in=countries)
        ).select_related("admin_unit_a", "admin_unit_b")
        if hours:
            crossings = crossings.prefetch_related("hours")
        pairs = DistrictAdjacency.objects.filter(Q(a_id=district.pk) | Q(b_id=district.pk))
        touching = {b if a == district.pk else a for a, b in pairs.values_list("a_id", "b_id")}
        return cls(district, list(crossings), touching)

    def best(self, facility: Facility) -> BorderCrossing | None:
        """The crossing for one facility by the rule of `crossing_for`; no query if its unit is loaded."""
        ranked = []
        for crossing in self.crossings:
            if facility.country_code not in {crossing.country_a_id, crossing.country_b_id}:
                continue
            place = self._place(crossing, facility)
            if place is not None:
                ranked.append((_order(crossing, place), crossing))
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _place(self, crossing: BorderCrossing, facility: Facility) -> int | None:
        """0 for the patient's district, 1 across from it or the facility's, 2 for a region, None elsewhere."""
        units = [unit for unit in (crossing.admin_unit_a, crossing.admin_unit_b) if unit is not None]
        if any(unit.pk == self.district.pk for unit in units):
            return 0
        if any(unit.pk in self.touching or unit.pk == facility.admin_unit_id for unit in units):
            return 1
        regions = {_region(self.district)}
        if facility.admin_unit is not None:
            regions.add(_region(facility.admin_unit))
        return 2 if any(_region(unit) in regions for unit in units) else None


def _region(unit: AdminUnit) -> int:
    return unit.parent_id or unit.pk


_MODES = {BorderCrossing.Mode.ROAD: 0, BorderCrossing.Mode.PEDESTRIAN: 1, BorderCrossing.Mode.RAIL: 2}


def _order(crossing: BorderCrossing, place: int) -> tuple[bool, int, bool, int, int]:
    return (
        crossing.operating is False,
        place,
        crossing.operating is None,
        _MODES[BorderCrossing.Mode(crossing.mode)],
        crossing.pk,
    )
