"""Which countries a row concerns: their auditors read who changed it."""

from typing import Any

from django.db.models import Model

from core.accounts.models import User
from facilities.models import Country, DistrictAdjacency, Membership

#: Where a row says to which country it belongs, from the plainest on.
_PLACES = (
    "country_id",
    "country_a_id",
    "country_b_id",
    "organisation.country_id",
    "facility.organisation.country_id",
)


def countries_of(row: Model) -> set[str]:
    """The country codes of a row; none for one that belongs to no single country, such as a code of a diagnosis."""
    if isinstance(row, Country):
        return {row.pk}
    if isinstance(row, User):
        return of_person(row.pk)
    if isinstance(row, DistrictAdjacency):
        return {row.a.country_id, row.b.country_id}
    parties = getattr(row, "parties", None)
    if isinstance(parties, list):
        return {str(party) for party in parties}
    return {code for place in _PLACES if (code := _at(row, place))}


def of_person(user_id: int) -> set[str]:
    """The countries of all organisations in which a person has or had a role."""
    found = Membership.objects.filter(user_id=user_id, organisation__country__isnull=False)
    return {code or "" for code in found.values_list("organisation__country", flat=True)}


def every_country() -> list[str]:
    """All codes, by the alphabet."""
    return sorted(Country.objects.values_list("pk", flat=True))


def _at(row: Any, place: str) -> str:
    for name in place.split("."):
        row = getattr(row, name, None)
        if row is None:
            return ""
    return str(row)
