"""The days that the portal takes at all: outside of them a day is a slip of the hand, whatever field it is in."""

from datetime import date, timedelta
from typing import Final

from django.db.models import CheckConstraint, DateField, F, Func, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

EARLIEST: Final = date(1880, 1, 1)
LATEST: Final = date(2149, 12, 31)
#: How far ahead somebody plans: what is said to begin later was typed wrongly.
#: How long after the day by which care is needed an authorisation lasts unless somebody says otherwise.
ROOM_AFTER_NEED: Final = timedelta(days=30)
#: How long it lasts where no such day is known.
USUAL_WINDOW: Final = timedelta(days=60)
PLANNED: Final = timedelta(days=730)


class LatestDay(Func):
    """The latest day that it is anywhere at a moment, and `days` later: no place is over 14 hours ahead of UTC."""

    template = "(((%(expressions)s) AT TIME ZONE 'UTC') + interval '%(days)s days 14 hours')::date"
    output_field = DateField()

    def __init__(self, expression: str, days: int = 0) -> None:
        super().__init__(expression, days=days)


def is_possible(day: date) -> bool:
    """Whether a day is one that the portal takes at all."""
    return EARLIEST <= day <= LATEST


def outside() -> str:
    """What to say of a day that isn't possible, to a partner's system."""
    shown = {"first": EARLIEST.isoformat(), "last": LATEST.isoformat()}
    return gettext("Give a day from %(first)s to %(last)s.") % shown


def possible(name: str, *fields: str) -> CheckConstraint:
    """The database's word for it: each of the fields is empty or a day that is possible."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (EARLIEST, LATEST)})
    return CheckConstraint(
        name=name,
        condition=condition,
        violation_error_message=_("A date lies too far in the past or in the future. Check the year."),
    )


def in_order(name: str, first: str, last: str) -> CheckConstraint:
    """The day `last` isn't before the day `first`; either may be unknown."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": F(first)}),
        violation_error_message=_("The last day lies before the first. Check both dates."),
    )


def not_after(name: str, field: str, *, written: str, days: int = 0) -> CheckConstraint:
    """`field` isn't later than the moment at which it was written down, or not later than so many days after it.

    Which day it was at the place is for the action to know; the database grants the earliest place of the world.
    """
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lte": LatestDay(written, days)}),
        violation_error_message=_("The date lies too far in the future. Check the year.")
        if days
        else _("The date lies in the future. Check the year."),
    )
