"""A crossing on a day, in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from facilities.crossing_day import CrossingDay, DayReading, State
from facilities.presentation import source_dates


def day_lines(found: CrossingDay) -> list[str]:
    """A sentence for who walks and one for who is driven, or one for both; none of a day that nobody knows."""
    day = date_format(found.day)
    if found.on_foot == found.by_car:
        text = _words(found.on_foot)
        return [_("On %(day)s: %(hours)s") % {"day": day, "hours": text}] if text else []
    lines = []
    if text := _words(found.on_foot):
        lines.append(_("On %(day)s on foot: %(hours)s") % {"day": day, "hours": text})
    if text := _words(found.by_car):
        lines.append(_("On %(day)s by car: %(hours)s") % {"day": day, "hours": text})
    return lines


def warning(found: CrossingDay | None, name: str) -> str:
    """That the crossing on the way is closed on the day; empty where it isn't, or isn't known to be."""
    if found is None:
        return ""
    shown = {"name": name, "day": date_format(found.day)}
    if found.is_closed:
        return _("The crossing %(name)s is closed on %(day)s. Plan another way, or another day.") % shown
    if found.by_car.state == State.CLOSED:
        return (
            _("The crossing %(name)s is closed for cars on %(day)s. Plan another way, or another day.")
            % shown
        )
    if found.on_foot.state == State.CLOSED:
        return (
            _("The crossing %(name)s is closed for who walks on %(day)s. Plan another way, or another day.")
            % shown
        )
    return ""


def _words(reading: DayReading) -> str:
    """“open from 08:00 to 20:00 by the local clock (as of September 2024)”."""
    text = _state_words(reading)
    dates = source_dates(reading.as_of)
    if not text or not dates:
        return text
    return _("%(hours)s (as of %(date)s)") % {"hours": text, "date": dates[0]}


def _state_words(reading: DayReading) -> str:
    if reading.state == State.CLOSED:
        if reading.until:
            return _("closed until %(day)s") % {"day": date_format(reading.until)}
        return _("not open")
    if reading.state == State.UNKNOWN:
        if reading.reopening is None:
            return ""
        return _("its reopening was announced for %(day)s, and nobody has confirmed it") % {
            "day": date_format(reading.reopening)
        }
    if (reading.opens, reading.closes) == ("00:00", "24:00"):
        return _("open round the clock")
    shown = {"opens": reading.opens, "closes": reading.closes}
    if reading.opens:
        return _("open from %(opens)s to %(closes)s by the local clock") % shown
    if reading.closes:
        return _("open until %(closes)s by the local clock") % shown
    return _("open in daylight") if reading.daylight else _("open, the hours are not known")
