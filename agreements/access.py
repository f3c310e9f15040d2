"""Who reads which agreement, which one a referral rests on, and by whose calendar a limit ends.

Pages and the API get their querysets here alone.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from agreements.clocks import Calendar, Limit, add_working_time, working_time
from agreements.models import Agreement
from core.prepared import Parameter, prepared
from facilities.models import Country


def visible_agreements() -> QuerySet[Agreement]:
    """All agreements: public law, so everybody who is signed in reads them."""
    return Agreement.objects.order_by("precedence", "code")


def choose(*, directing_country: str, host_country: str, emergency: bool, day: date) -> Agreement | None:
    """The agreement with the lowest precedence number that has both countries and covers the care on that day."""
    found = fitting(directing_country=directing_country, host_country=host_country, emergency=emergency)
    return next((agreement for agreement in found if agreement.in_force_on(day)), None)


def fitting(*, directing_country: str, host_country: str, emergency: bool) -> list[Agreement]:
    """The agreements that have both countries and cover the care, whenever; the first to be chosen first."""
    return prepared(_fitting, emergency).rows(directing=directing_country, host=host_country)


def _fitting(emergency: bool) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(parties__contains=[Parameter("directing"), Parameter("host")])
    found = found.filter(covers_emergency=True) if emergency else found.filter(covers_planned=True)
    return found.defer("loaded_values", "says_in").order_by("precedence", "code")


def end_of(limit: Limit, start: datetime, *, country: str, zone: ZoneInfo | None = None) -> datetime:
    """When a limit ends that begins at `start`, by the calendar of the country whose body has the clock.

    `zone`: where that body is, unless its country has one clock. Only a limit in working days asks the database.
    """
    if not limit.working_days:
        return start + timedelta(hours=limit.hours)
    return limit.after(start, _calendar(country, zone))


def end_after_stop(
    limit: Limit, due: datetime, stopped: datetime, now: datetime, *, country: str
) -> datetime:
    """When a limit ends whose clock stood still from `stopped` to `now`: what was left then is left now.

    Of a limit in working days that is time on working days: a weekend of the standstill gives nobody days.
    """
    if not limit.working_days or due <= stopped:
        return due + (now - stopped)
    calendar = _calendar(country)
    return add_working_time(now, working_time(stopped, due, calendar), calendar)


def calendar_of(country: Country, zone: ZoneInfo | None = None) -> Calendar:
    """The working days of a country that was read, in `zone` where its body there has another clock."""
    kept = country.working_calendar
    return Calendar(
        zone or ZoneInfo(country.time_zone),
        off=frozenset(map(date.fromisoformat, kept.get("off", ()))),
        worked=frozenset(map(date.fromisoformat, kept.get("worked", ()))),
        years=frozenset(kept.get("years", ())),
    )


def _calendar(country: str, zone: ZoneInfo | None = None) -> Calendar:
    found = prepared(_country).first(code=country)
    assert found is not None, "a referral's countries are never deleted"
    return calendar_of(found, zone)


def _country() -> QuerySet[Country]:
    return Country.objects.filter(pk=Parameter("code")).order_by()
