"""The route band: who sends, which crossing, who receives (templates/components/route.html)."""

import re
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from disclosure.policy import EVERYTHING
from facilities.crossing_day import CrossingDay
from facilities.crossing_words import day_lines, warning
from facilities.models import BorderCrossing, Facility
from facilities.presentation import operating_words, place_of, source_dates
from referrals.models import Referral
from referrals.outline import shown

_MODE_IN_NAME = re.compile(r"\s+—\s+(?:автодорожный|железнодорожный)")


@dataclass(frozen=True, slots=True)
class Route:
    """As the component takes it; `note` says what the distance is between.

    `hours` are sentences on the crossing's hours on the day of the journey, `warning` says that it is closed then.
    """

    from_country: Any
    from_name: str
    from_place: str
    from_url: str
    to_country: Any
    to_name: str
    to_place: str
    to_url: str
    distance: int | None
    crossing: str
    crossing_status: str
    as_of: str
    note: str
    hours: list[str]
    warning: str


def route(referral: Referral, found: CrossingDay | None = None, kinds: frozenset[str] = EVERYTHING) -> Route:
    """The route of a referral whose facilities, units and crossing are loaded (`case.load_case` does)."""
    # `found`: the crossing on the day of the journey, where that is known to the reader.
    sender, host = referral.directing_facility, referral.host_facility
    # Crossing and distance follow from where the patient lives.
    crossing = referral.crossing if shown("crossing", kinds) else None
    distance = referral.distance_km if shown("distance_km", kinds) else None
    return Route(
        from_country=referral.directing_country,
        from_name=sender.name,
        from_place=place_of(sender),
        from_url=_url(sender),
        to_country=referral.host_country or "",
        to_name=host.name if host else "",
        to_place=place_of(host) if host else "",
        to_url=_url(host) if host else "",
        distance=distance,
        crossing=crossing_name(crossing),
        crossing_status=crossing_sentence(crossing),
        as_of=as_of(crossing),
        note=_(
            "Positions are the centres of districts and towns; the distance is a straight line, not a road."
        )
        if distance is not None
        else "",
        hours=day_lines(found) if found else [],
        warning=warning(found, crossing_name(crossing)),
    )


def crossing_name(crossing: BorderCrossing | None) -> str:
    """The names on both sides, without the word for “road” or “railway” that some sources add to a name."""
    return _MODE_IN_NAME.sub("", crossing.name) if crossing else ""


def as_of(crossing: BorderCrossing | None) -> str:
    """The newest of the dates for which sources told the status; empty where none did."""
    found = source_dates(crossing.as_of) if crossing else []
    return found[0] if found else ""


def crossing_sentence(crossing: BorderCrossing | None) -> str:
    """Whether a crossing operates, in words; empty for none."""
    return operating_words(crossing)[1] if crossing else ""


def _url(facility: Facility) -> str:
    return reverse("facilities:detail", args=[facility.pk])
