"""What is left of a limit, in one unit."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from agreements.clocks import Calendar
from referrals.presentation.left import left, left_then

FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CALENDAR = Calendar(
    ZoneInfo("Asia/Bishkek"), off=frozenset({date(2026, 11, 24)}), worked=frozenset({date(2026, 11, 28)})
)


@pytest.mark.parametrize(
    ("length", "calendar", "now", "then"),
    [
        (timedelta(hours=23, minutes=59), None, "23 hours left", "23 hours were left then."),
        (timedelta(hours=2), None, "2 hours left", "2 hours were left then."),
        (timedelta(hours=1, minutes=59), None, "119 minutes left", "119 minutes were left then."),
        (timedelta(minutes=1), None, "1 minute left", "1 minute was left then."),
        (-timedelta(minutes=90), None, "90 minutes over the limit", "The limit had passed then."),
        (-timedelta(hours=72), None, "72 hours over the limit", "The limit had passed then."),
        # Saturday, Sunday and a holiday count nothing, a Saturday that is worked counts.
        (timedelta(days=3), CALENDAR, "1 working day left", "1 working day was left then."),
        (timedelta(days=5), CALENDAR, "2 working days left", "2 working days were left then."),
        (timedelta(days=9), CALENDAR, "5 working days left", "5 working days were left then."),
        (
            timedelta(days=2),
            CALENDAR,
            "Less than one working day left",
            "Less than one working day was left then.",
        ),
        (-timedelta(days=1), CALENDAR, "1 working day over the limit", "The limit had passed then."),
        (
            -timedelta(hours=3),
            CALENDAR,
            "Less than one working day over the limit",
            "The limit had passed then.",
        ),
    ],
)
def test_no_sentence_has_two_units(length: timedelta, calendar: Calendar | None, now: str, then: str) -> None:
    with translation.override("en"):
        assert left(FRIDAY + length, FRIDAY, calendar) == now
        assert left_then(FRIDAY + length, FRIDAY, calendar) == then
