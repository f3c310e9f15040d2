"""Whether a crossing lets people through on a day, as far as dated sources say (pure: rows in, a reading out).

Nothing is guessed: what no source says is unknown, what one says is as of its date. The hours are by the clock of the
place; no source says whose, where the two sides differ.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from facilities.models import BorderCrossing, CrossingHours

Traffic = CrossingHours.Traffic
#: How a patient travels.
WAYS = (Traffic.PEDESTRIAN, Traffic.CAR)
_DATE = r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)"
_WHILE = re.compile(r"\bwhile\b.*", re.IGNORECASE)
_CLOSED = re.compile(r"\bclosed\b", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:from|since)\s+{_DATE}", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:until|till|to)\s+{_DATE}", re.IGNORECASE)
_REOPENING = re.compile(rf"\breopening announced for\s+{_DATE}", re.IGNORECASE)
_WORKS = re.compile(r"^(operating|reopened|named as an operating)\b", re.IGNORECASE)
_ONLY_GOODS = re.compile(r"\b(lorries|trucks) only\b", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2}:\d{2})?\s*[-–]\s*(\d{1,2}:\d{2})")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class State(StrEnum):
    """What is known of a day."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DayReading:
    """What is known of one way of travelling on one day.

    `opens` and `closes` are clock times of the place, empty where not said; `daylight` stands where a source says only
    that. `as_of` is the source's date. `until` is the day to which a closure lasts; `reopening` one announced since.
    """

    state: State
    opens: str = ""
    closes: str = ""
    daylight: bool = False
    as_of: str = ""
    until: date | None = None
    reopening: date | None = None


@dataclass(frozen=True, slots=True)
class CrossingDay:
    """A crossing on one day, on foot and by car."""

    crossing: BorderCrossing
    day: date
    on_foot: DayReading
    by_car: DayReading

    @property
    def is_closed(self) -> bool:
        """Whether nobody gets through that day."""
        return self.on_foot.state == State.CLOSED and self.by_car.state == State.CLOSED


def read_day(crossing: BorderCrossing, rows: Iterable[CrossingHours], day: date) -> CrossingDay:
    """What the sources say of that day; the newest that says anything of the kind of traffic counts."""
    newest = sorted(rows, key=lambda row: (row.as_of, row.pk or 0), reverse=True)
    on_foot, by_car = (_read(crossing, [row for row in newest if _is_of(row, way)], day) for way in WAYS)
    return CrossingDay(crossing, day, on_foot, by_car)


def _is_of(row: CrossingHours, way: str) -> bool:
    """Whether a row speaks of the way; one that names nobody speaks of all."""
    return row.traffic in {way, Traffic.ALL, Traffic.UNKNOWN} and not _ONLY_GOODS.search(row.status)


def _read(crossing: BorderCrossing, rows: Sequence[CrossingHours], day: date) -> DayReading:
    for row in rows:
        if (found := _said(row, day)) is not None:
            return found
    if crossing.operating is False:
        return DayReading(State.CLOSED)
    return DayReading(State.UNKNOWN)


def _said(row: CrossingHours, day: date) -> DayReading | None:
    """What one row says of the day, None where it says nothing."""
    status = _WHILE.sub("", row.status)
    if (announced := _day_in(_REOPENING, status)) is not None:
        return DayReading(State.UNKNOWN, as_of=row.as_of, reopening=announced) if day >= announced else None
    if _CLOSED.search(status) and not _WORKS.match(status):
        start, end = _day_in(_FROM, status), _day_in(_UNTIL, status, last=True)
        if (start is None or start <= day) and (end is None or day <= end):
            return DayReading(State.CLOSED, as_of=row.as_of, until=end)
        return None
    days = _weekdays(row.days)
    if days is not None and day.weekday() not in days:
        return DayReading(State.CLOSED, as_of=row.as_of)
    hours, daylight = _HOURS.search(row.hours), "daylight" in row.days.lower()
    if hours is None and not daylight and not _WORKS.match(status):
        return None
    opens, closes = hours.groups() if hours else ("", "")
    return DayReading(State.OPEN, opens or "", closes or "", daylight, row.as_of)


def _day_in(pattern: re.Pattern[str], text: str, *, last: bool = False) -> date | None:
    """The day after the words of a pattern; of a year or a month the first, or the last. None for what is no day."""
    match = pattern.search(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in (match.group(1) + "--").split("-")[:3])
    try:
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except ValueError:
        return None


def _weekdays(text: str) -> set[int] | None:
    """The days of the week in `mon-fri`, `Mon, Wed`; None for every day, and for words that aren't understood."""
    found: set[int] = set()
    for part in re.split(r"[,;]\s*", text.strip().lower()):
        first, _dash, final = re.sub(r"\s", "", part).partition("-")
        names = [name[:3] for name in (first, final) if name]
        if not names or any(name not in _WEEKDAYS for name in names):
            return None
        start, end = _WEEKDAYS.index(names[0]), _WEEKDAYS.index(names[-1])
        found |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return found
