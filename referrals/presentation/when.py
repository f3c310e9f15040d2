"""Moments, days and spans of time in words of the active language."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def limit(value: datetime | None, now: datetime | None = None) -> str:
    """The end of a time limit, to stand after “by”; one at midnight ends with the day before."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    if (local.hour, local.minute) == (0, 0):
        return _("the end of %(day)s") % {"day": short_day(value - timedelta(minutes=1), now)}
    return moment(value, now)


def span(length: timedelta) -> str:
    """A length of time in its two largest units of days, hours and minutes; its sign doesn't count."""
    minutes = int(abs(length.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    day_text = ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    hour_text = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    minute_text = ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest}
    if days:
        return _("%(larger)s %(smaller)s") % {"larger": day_text, "smaller": hour_text} if hours else day_text
    if hours:
        return (
            _("%(larger)s %(smaller)s") % {"larger": hour_text, "smaller": minute_text} if rest else hour_text
        )
    return minute_text


def period(start: date | datetime, end: date | datetime, zone: tzinfo | None = None) -> str:
    """From one day to another; one day alone where they are the same. Moments count in `zone`."""
    first, last = short_day(start, zone=zone), short_day(end, zone=zone)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
