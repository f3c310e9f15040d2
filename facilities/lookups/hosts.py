"""Facilities across the border that offer a specialty, with the way there."""

from collections.abc import Collection
from dataclasses import dataclass

from facilities.models import AdminUnit, BorderCrossing, CareLevel, Facility, FacilityService, Specialty
from facilities.routes import Crossings, distance_between


@dataclass(frozen=True, slots=True)
class Host:
    """One facility to which a referral may go.

    `distance_km` is a great circle between the district's point and the town's centre, None where one isn't
    known; `crossing` by the rule of `routes.crossing_for`; `service` says on what ground the offer rests.
    """

    facility: Facility
    service: FacilityService
    distance_km: float | None
    crossing: BorderCrossing | None


def hosts_for(
    *, home: str, specialty: Specialty, district: AdminUnit | None, countries: Collection[str] = ()
) -> list[Host]:
    """Hosts outside the country `home` for patients of `district`, nearest first (at most 3 queries).

    Left out: inactive facilities, those that take no referrals, support services, and a row that is possibly
    the same as another host of the list. `countries` narrows to some host countries. Without a district
    there are no distances and no crossings, and the order is by country and name.
    """
    services = (
        FacilityService.objects.filter(
            specialty=specialty,
            active=True,
            facility__accepts_referrals=True,
            facility__organisation__active=True,
        )
        .exclude(facility__organisation__country_id=home)
        .exclude(facility__care_level=CareLevel.SUPPORT)
        .select_related("specialty", "facility__organisation__country", "facility__admin_unit__parent")
        .defer("facility__search", "facility__loaded_values", "loaded_values")
        .order_by("facility__organisation__country_id", "facility__organisation__name", "pk")
    )
    if countries:
        services = services.filter(facility__organisation__country_id__in=countries)
    offered = _without_duplicates(list(services))
    if district is None:
        return [Host(row.facility, row, None, None) for row in offered]
    crossings = Crossings.between(district, {row.facility.country_code for row in offered})
    hosts = [
        Host(
            row.facility,
            row,
            distance_between(district.point, row.facility.point),
            crossings.best(row.facility),
        )
        for row in offered
    ]
    return sorted(hosts, key=lambda host: (host.distance_km is None, host.distance_km or 0.0))


def _without_duplicates(services: list[FacilityService]) -> list[FacilityService]:
    offering = {row.facility_id for row in services}
    return [row for row in services if row.facility.possible_duplicate_of_id not in offering]
