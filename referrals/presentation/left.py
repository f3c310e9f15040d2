"""How much of a time limit is left, or how long it is over: in one unit, and in days of the limit's own kind."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.clocks import Calendar, working_days_between

_FEW_HOURS = timedelta(hours=2)


def in_minutes(length: timedelta) -> bool:
    """Whether so short a time is told in minutes; the limit itself then is, too."""
    return abs(length) < _FEW_HOURS


def left(end: datetime, now: datetime, calendar: Calendar | None) -> str:
    """“3 working days left” of a limit that counts in them, by its calendar; else “5 hours left”, “40 minutes left”."""
    if end < now:
        return _over(now - end, end, now, calendar)
    if calendar is not None:
        days = working_days_between(now, end, calendar)
        if days == 0:
            return _("Less than one working day left")
        return ngettext("%(count)s working day left", "%(count)s working days left", days) % {"count": days}
    if not in_minutes(end - now):
        hours = _hours(end - now)
        return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
    minutes = _minutes(end - now)
    return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}


def left_then(end: datetime, stopped: datetime, calendar: Calendar | None) -> str:
    """The same of a clock that stands still since `stopped`, as a sentence."""
    if end < stopped:
        return _("The limit had passed then.")
    if calendar is not None:
        days = working_days_between(stopped, end, calendar)
        if days == 0:
            return _("Less than one working day was left then.")
        return ngettext(
            "%(count)s working day was left then.", "%(count)s working days were left then.", days
        ) % {"count": days}
    if not in_minutes(end - stopped):
        hours = _hours(end - stopped)
        return ngettext("%(count)s hour was left then.", "%(count)s hours were left then.", hours) % {
            "count": hours
        }
    minutes = _minutes(end - stopped)
    return ngettext("%(count)s minute was left then.", "%(count)s minutes were left then.", minutes) % {
        "count": minutes
    }


def _over(length: timedelta, end: datetime, now: datetime, calendar: Calendar | None) -> str:
    if calendar is not None:
        days = working_days_between(end, now, calendar)
        if days == 0:
            return _("Less than one working day over the limit")
        return ngettext(
            "%(count)s working day over the limit", "%(count)s working days over the limit", days
        ) % {"count": days}
    if not in_minutes(length):
        hours = _hours(length)
        return ngettext("%(count)s hour over the limit", "%(count)s hours over the limit", hours) % {
            "count": hours
        }
    minutes = _minutes(length)
    return ngettext("%(count)s minute over the limit", "%(count)s minutes over the limit", minutes) % {
        "count": minutes
    }


def _hours(length: timedelta) -> int:
    return length // timedelta(hours=1)


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)
