"""Choosing the one hospital that a consent names, by its code or by words of its name, place or type."""

from django.db.models import QuerySet

from core.forms import Choice
from facilities.lookups.directory import says, words_of
from facilities.models import Facility
from facilities.models.organisations import may_host_condition

MOST_RESULTS = 12


def search(query: str) -> list[Choice]:
    """The hospitals that take referrals whose name, place or type has every word of `query`."""
    words = words_of(query)
    if not words:
        return []
    rows = _hosts()
    for word in words:
        rows = rows.filter(says(word))
    return [
        as_choice(row)
        for row in rows.order_by("organisation__country_id", "organisation__name", "pk")[:MOST_RESULTS]
    ]


def find(value: str) -> Choice | None:
    """The choice of a code; None for anything else."""
    row = by_code(value)
    return as_choice(row) if row else None


def by_code(value: str) -> Facility | None:
    """The hospital with that code, if it takes referrals."""
    return _hosts().filter(organisation__code=value[:20]).first()


def as_choice(row: Facility) -> Choice:
    """A hospital as one result of the search: its country in front."""
    return Choice(value=row.organisation.code, label=row.name, code=row.country_code, hint="")


def _hosts() -> QuerySet[Facility]:
    return Facility.objects.filter(may_host_condition()).select_related("organisation")
