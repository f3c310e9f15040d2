"""Time limits, as pure functions (domain §7; figures are the portal's own proposal, editable per agreement later).

Working time is counted in whole working days by the calendar of the country whose body has the clock, the directing
ministry or the host hospital: N working days after Friday 15:00 is N working days later at 15:00.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Calendar:
    """A country's working days: Monday to Friday in its zone, without the days `off` and with those `worked`."""

    zone: ZoneInfo
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    #: The years of which days off are known at all.
    years: frozenset[int] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether the day counts as a working day."""
        return day not in self.off if day.weekday() < 5 else day in self.worked


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: hours of the clock, or working days."""

    hours: float = 0
    working_days: int = 0

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        """The moment at which the limit ends, aware, in the zone of `start`."""
        if self.working_days:
            return add_working_days(start, self.working_days, calendar)
        return start + timedelta(hours=self.hours)


DECISION: dict[str, Limit | None] = {
    "stat": None,
    "asap": Limit(hours=24),
    "urgent": Limit(working_days=3),
    "routine": Limit(working_days=15),
}
HOST_REPLY: dict[str, Limit] = {
    "stat": Limit(hours=0.5),
    "asap": Limit(hours=4),
    "urgent": Limit(working_days=1),
    "routine": Limit(working_days=5),
}
APPEAL: dict[str, Limit | None] = {
    "stat": None,
    "asap": Limit(working_days=2),
    "urgent": Limit(working_days=5),
    "routine": Limit(hours=30 * 24),
}
HARD_STOP_DAYS = 45
REVIEW_OF_EMERGENCY = Limit(hours=24)
WARN_AT = (0.5, 0.8, 1.0)


def add_working_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """`days` working days after `start`, at the same time of day.

    A start on a day off counts as the beginning of the next working day.
    """
    local = start.astimezone(calendar.zone)
    while not calendar.works_on(local.date()):
        local = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    remaining = days
    while remaining:
        local += timedelta(days=1)
        if calendar.works_on(local.date()):
            remaining -= 1
    return local.astimezone(start.tzinfo)


def working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole working days from `start` to `end`, each as long as a day; negative where the end comes first."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return working_time(start, end, calendar) // timedelta(days=1)


def working_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of the time from `start` to `end` lies on working days."""
    found = timedelta()
    for begin, until in _days_between(start, end, calendar.zone):
        if calendar.works_on(begin.date()):
            found += until - begin
    return found


def add_working_time(start: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """The moment until which `span` of time on working days has passed since `start`, in the zone of `start`."""
    at, left = start.astimezone(calendar.zone), span
    while left > timedelta():
        midnight = _midnight_after(at)
        if calendar.works_on(at.date()):
            if midnight - at >= left:
                return (at + left).astimezone(start.tzinfo)
            left -= midnight - at
        at = midnight
    return at.astimezone(start.tzinfo)


def _days_between(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The days from `start` to `end` in a zone, each by its begin and end; the first and the last may be parts."""
    at, last = start.astimezone(zone), end.astimezone(zone)
    while at < last:
        until = min(_midnight_after(at), last)
        yield at, until
        at = until


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), moment.tzinfo)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How a clock stands: `used` is the share of the allowed time, 0 to 1 and above; `left` may be negative."""

    used: float
    left: timedelta
    stopped: bool
    level: str

    @property
    def percent(self) -> int:
        """`used` in whole percent, at most 100."""
        return min(100, int(self.used * 100))


def read_clock(
    started: datetime,
    due: datetime,
    now: datetime,
    stopped_at: datetime | None = None,
    stopped_seconds: int = 0,
) -> ClockReading:
    """The clock at `now`. `level` is `calm`, `half` (50 %), `late` (80 %) or `over` (100 %)."""
    moment = stopped_at or now
    allowed = (due - started).total_seconds() - stopped_seconds
    gone = (moment - started).total_seconds() - stopped_seconds
    used = gone / allowed if allowed > 0 else 1.0
    level = (
        "over"
        if used >= WARN_AT[2]
        else "late"
        if used >= WARN_AT[1]
        else "half"
        if used >= WARN_AT[0]
        else "calm"
    )
    return ClockReading(used=max(0.0, used), left=due - moment, stopped=stopped_at is not None, level=level)
