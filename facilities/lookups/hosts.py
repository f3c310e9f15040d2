"""Facilities across the border that offer a specialty, with the way there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from facilities.lookups.desks import desk_at, with_desk
from facilities.models import AdminUnit, BorderCrossing, Facility, FacilityService, Specialty
from facilities.models.organisations import may_host_condition
from facilities.routes import Crossings, distance_between


@dataclass(frozen=True, slots=True)
class Host:
    """One facility to which a referral may go.

    `distance_km` is a great circle between the district's point and the town's centre, None where one isn't
    known; `crossing` by the rule of `routes.crossing_for`; `service` says on what ground the offer rests. `has_desk`
    tells whether anybody there can answer in the portal.
    """

    facility: Facility
    service: FacilityService
    distance_km: float | None
    crossing: BorderCrossing | None
    has_desk: bool


def hosts_for(
    *,
    home: str,
    specialty: Specialty,
    district: AdminUnit | None,
    countries: Collection[str] = (),
    emergency: bool = False,
    hours: bool = False,
) -> list[Host]:
    """Hosts outside the country `home` for patients of `district`, nearest first (at most 3 queries; 4 with `hours`).

    Left out: what `may_host_condition` leaves out, and a row that is possibly the same as another host of the list.
    `countries` narrows to some host countries. Without a district there are no distances and no crossings, and the
    order is by country and name. `hours` has what sources say of each crossing's hours loaded with it. For an
    `emergency` those that can answer in the portal come first.
    """
    services = offered(home=home, specialty=specialty, countries=countries)
    found: list[Any] = list(services.annotate(desk=desk_at("facility_id")))
    desks = {row.facility_id for row in found if row.desk}
    rows = _without_duplicates(found, desks)
    there = {row.facility.country_code for row in rows}
    crossings = Crossings.between(district, there, hours=hours) if district else None
    point = district.point if district else None
    hosts = [
        Host(
            row.facility,
            row,
            distance_between(point, row.facility.point),
            crossings.best(row.facility) if crossings else None,
            row.facility_id in desks,
        )
        for row in rows
    ]
    return sorted(
        hosts,
        key=lambda host: (
            emergency and not host.has_desk,
            host.distance_km is None,
            host.distance_km or 0.0,
        ),
    )


def offered(*, home: str, specialty: Specialty, countries: Collection[str] = ()) -> QuerySet[FacilityService]:
    """The offers of a specialty outside the country `home` to which a referral may go, by country and name."""
    services = (
        FacilityService.objects.filter(
            may_host_condition("facility__"),
            specialty=specialty,
            active=True,
        )
        .exclude(facility__organisation__country_id=home)
        .select_related("specialty", "facility__organisation__country", "facility__admin_unit__parent")
        .defer("facility__search", "facility__loaded_values", "loaded_values")
        .order_by("facility__organisation__country_id", "facility__organisation__name", "pk")
    )
    if countries:
        services = services.filter(facility__organisation__country_id__in=countries)
    return services


def _without_duplicates(services: list[FacilityService], desks: set[int]) -> list[FacilityService]:
    """One row of each pair that may be the same: the other's, unless only the flagged one can answer."""
    other_of = {row.facility_id: row.facility.possible_duplicate_of_id for row in services}
    hidden = set()
    for own, other in other_of.items():
        if other in other_of and other is not None:
            hidden.add(other if own in desks and other not in desks else own)
    return [row for row in services if row.facility_id not in hidden]


def offers(facility: Facility, specialty: Specialty | None, *, home: str) -> bool:
    """Whether a choice of hosts for `home` holds the facility: what no page offers, no road takes."""
    if specialty is None or not facility.may_host:
        return False
    hosts = hosts_for(home=home, specialty=specialty, district=None, countries=[facility.country_code])
    return any(host.facility.pk == facility.pk for host in hosts)


def stands_for(facility: Facility) -> Facility | None:
    """The other row that is offered in place of one that may be the same; None where the row itself is offered."""
    other = facility.possible_duplicate_of
    if other is None or not other.may_host:
        return None
    desks = with_desk([facility.pk, other.pk])
    return None if facility.pk in desks and other.pk not in desks else other
