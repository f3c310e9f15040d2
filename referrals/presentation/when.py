"""Moments, days and spans of time in words of the active language."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.zones import zone_name


def day(value: date | None) -> str:
    """A day with its year; empty for none."""
    return formats.date_format(value, "DATE_FORMAT") if value else ""


def short_day(value: date | datetime | None, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """A day without its year where that is this year’s; a moment counts in `zone`, else in the portal's."""
    if value is None:
        return ""
    here = timezone.localtime(value, zone).date() if isinstance(value, datetime) else value
    this_year = timezone.localtime(now, zone).year
    return formats.date_format(here, "MONTH_DAY_FORMAT" if here.year == this_year else "DATE_FORMAT")


def moment(value: datetime | None, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """Day and time: “18 November 10:04”, in `zone`, else in the portal's."""
    if value is None:
        return ""
    time = formats.time_format(timezone.localtime(value, zone), "TIME_FORMAT")
    return _("%(day)s %(time)s") % {"day": short_day(value, now, zone), "time": time}


def full_moment(value: datetime) -> str:
    """Day with its year, and time, by the clock that the moment carries: for a paper, which is read for long."""
    time = formats.time_format(value, "TIME_FORMAT")
    return _("%(day)s %(time)s") % {"day": day(value.date()), "time": time}


def day_before(value: datetime) -> date:
    """The day that ends at this midnight."""
    return (value - timedelta(minutes=1)).date()


def at_host(value: datetime | None, zone: ZoneInfo | None, now: datetime | None = None) -> str:
    """An appointment's moment by the host hospital's clock, which it says; with the place where the reader's differs.

    Empty for none, and where the host isn't known.
    """
    if value is None or zone is None:
        return ""
    shown = {"moment": moment(value, now, zone), "zone": zone_name(zone, value)}
    if timezone.localtime(value).utcoffset() == timezone.localtime(value, zone).utcoffset():
        return _("%(moment)s, by the host hospital’s clock") % shown
    return _("%(moment)s, by the host hospital’s clock: %(zone)s") % shown


def ends(value: datetime | None, zone: ZoneInfo, now: datetime, *, at: str, with_day: str) -> str:
    """The end of a time limit in a whole sentence; empty for none.

    `at` has %(moment)s, by the reader's clock. A limit that ends at midnight in `zone`, where the body is that has to
    act, ends with a day there: `with_day` has %(day)s, the same for every reader.
    """
    if value is None:
        return ""
    there = timezone.localtime(value, zone)
    if (there.hour, there.minute) == (0, 0):
        return with_day % {"day": short_day(value - timedelta(minutes=1), now, zone)}
    return at % {"moment": moment(value, now)}


def appeal_ends(due: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """Until when an appeal is possible; empty for none."""
    return ends(
        due,
        zone,
        now,
        at=_("An appeal is possible until %(moment)s."),
        with_day=_("An appeal is possible until the end of %(day)s."),
    )


def period(start: date, end: date) -> str:
    """From one day to another; one day alone where they are the same."""
    first, last = short_day(start), short_day(end)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
