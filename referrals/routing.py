"""The way from the patient's district to a host, as a referral keeps it."""

from facilities import routes
from facilities.models import AdminUnit, BorderCrossing, Facility


def route_to(district: AdminUnit | None, host: Facility | None) -> tuple[int | None, BorderCrossing | None]:
    """Distance in whole kilometres as the crow flies between the two centres, and the crossing on the way.

    Either is None where the data don't tell it.
    """
    if district is None or host is None:
        return None, None
    distance = None
    if (
        district.lat is not None
        and district.lon is not None
        and host.lat is not None
        and host.lon is not None
    ):
        distance = round(routes.distance_km(district.lat, district.lon, host.lat, host.lon))
    return distance, routes.crossing_for(district, host)
