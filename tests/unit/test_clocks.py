"""Time limits: working days, stops, levels (domain §7)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements import clocks
from agreements.clocks import (
    Calendar,
    Limit,
    add_working_days,
    add_working_time,
    read_clock,
    working_days_between,
    working_time,
)

ALMATY = ZoneInfo("Asia/Almaty")
BISHKEK = ZoneInfo("Asia/Bishkek")
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=ALMATY)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("days", "expected"), [(1, (11, 23)), (3, (11, 25)), (5, (11, 27)), (6, (11, 30)), (15, (12, 11))]
)
def test_working_days_leave_weekends_out(days: int, expected: tuple[int, int]) -> None:
    end = add_working_days(FRIDAY, days, Calendar(ALMATY))
    assert (end.month, end.day, end.hour) == (*expected, 15)


def test_a_start_at_the_weekend_counts_as_mondays_begin() -> None:
    saturday = datetime(2026, 11, 21, 10, 30, tzinfo=ALMATY)
    assert add_working_days(saturday, 1, Calendar(ALMATY)) == datetime(2026, 11, 24, 0, 0, tzinfo=ALMATY)


def test_the_weekend_is_the_directing_countrys() -> None:
    # Friday 18:30 UTC is Saturday 00:30 in Bishkek (UTC+6) and still Friday in Almaty (UTC+5).
    moment = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert add_working_days(moment, 1, Calendar(ALMATY)) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert add_working_days(moment, 1, Calendar(BISHKEK)) == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@given(start=MOMENTS, days=st.integers(1, 40))
def test_the_end_is_a_working_day_and_never_earlier_than_the_days(start: datetime, days: int) -> None:
    end = add_working_days(start, days, Calendar(ALMATY))
    assert end.astimezone(ALMATY).weekday() < 5
    assert end - start >= timedelta(days=days)
    assert add_working_days(start, days + 1, Calendar(ALMATY)) > end


def test_hours_run_through_the_night() -> None:
    assert Limit(hours=24).after(FRIDAY, Calendar(ALMATY)) - FRIDAY == timedelta(hours=24)


def test_the_limits_are_the_domains() -> None:
    assert {
        "stat": None,
        "asap": Limit(hours=24),
        "urgent": Limit(working_days=3),
        "routine": Limit(working_days=15),
    } == clocks.DECISION
    assert clocks.HOST_REPLY["stat"] == Limit(hours=0.5)
    assert clocks.HOST_REPLY["asap"] == Limit(hours=4)
    assert clocks.HOST_REPLY["urgent"] == Limit(working_days=1)
    assert clocks.HOST_REPLY["routine"] == Limit(working_days=5)
    assert clocks.APPEAL["routine"] == Limit(hours=720)
    assert (clocks.HARD_STOP_DAYS, clocks.WARN_AT) == (45, (0.5, 0.8, 1.0))


@pytest.mark.parametrize(
    ("hours", "level"),
    [
        (0, "calm"),
        (49, "calm"),
        (50, "half"),
        (79, "half"),
        (80, "late"),
        (99, "late"),
        (100, "over"),
        (300, "over"),
    ],
)
def test_levels_warn_at_50_80_and_100_percent(hours: int, level: str) -> None:
    due = FRIDAY + timedelta(hours=100)
    reading = read_clock(FRIDAY, due, FRIDAY + timedelta(hours=hours))
    assert reading.level == level
    assert reading.percent == min(100, hours)
    assert reading.left == timedelta(hours=100 - hours)


def test_a_stopped_clock_stands_and_a_stop_costs_nothing() -> None:
    due, stop = FRIDAY + timedelta(hours=100), FRIDAY + timedelta(hours=40)
    standing = [read_clock(FRIDAY, due, stop + timedelta(hours=hours), stopped_at=stop) for hours in (1, 500)]
    assert standing[0] == standing[1]
    assert standing[0].stopped
    assert standing[0].percent == 40
    # Started again after 60 hours: the due time moved by them, the share that was used did not.
    moved = read_clock(
        FRIDAY, due + timedelta(hours=60), stop + timedelta(hours=60), stopped_seconds=60 * 3600
    )
    assert (moved.percent, moved.left) == (40, timedelta(hours=60))


@given(
    start=MOMENTS,
    allowed=st.integers(0, 10**6),
    gone=st.integers(-(10**6), 10**7),
    stood=st.integers(0, 10**6),
)
def test_a_reading_never_breaks(start: datetime, allowed: int, gone: int, stood: int) -> None:
    due = start + timedelta(seconds=allowed)
    reading = read_clock(start, due, start + timedelta(seconds=gone), stopped_seconds=stood)
    assert reading.used >= 0
    assert 0 <= reading.percent <= 100
    assert reading.level in {"calm", "half", "late", "over"}


def test_days_off_and_moved_working_days_count_as_their_calendar_says() -> None:
    monday, saturday = date(2026, 11, 23), date(2026, 11, 21)
    calendar = Calendar(ALMATY, off=frozenset({monday}), worked=frozenset({saturday}))
    assert add_working_days(FRIDAY, 1, calendar) == datetime(2026, 11, 21, 15, 0, tzinfo=ALMATY)
    assert add_working_days(FRIDAY, 2, calendar) == datetime(2026, 11, 24, 15, 0, tzinfo=ALMATY)
    feast = datetime(2026, 11, 23, 10, 0, tzinfo=ALMATY)
    assert add_working_days(feast, 1, calendar) == datetime(2026, 11, 25, 0, 0, tzinfo=ALMATY)
    assert working_days_between(FRIDAY, FRIDAY + timedelta(days=4), calendar) == 2
    assert working_days_between(FRIDAY, FRIDAY + timedelta(days=4), Calendar(ALMATY)) == 2
    assert working_days_between(feast + timedelta(hours=5), feast, calendar) == 0


@given(start=MOMENTS, days=st.integers(0, 9), rest=st.integers(0, 86_399), stood=st.integers(0, 30 * 86_400))
def test_a_standstill_takes_and_gives_no_time_on_working_days(
    start: datetime, days: int, rest: int, stood: int
) -> None:
    calendar = Calendar(ALMATY, off=frozenset({date(2026, 11, 23)}), worked=frozenset({date(2026, 11, 21)}))
    due = start + timedelta(days=days, seconds=rest)
    left = working_time(start, due, calendar)
    anew = add_working_time(start + timedelta(seconds=stood), left, calendar)
    assert working_time(start + timedelta(seconds=stood), anew, calendar) == left
    assert not left or calendar.works_on((anew - timedelta.resolution).astimezone(ALMATY).date())
