"""The crossing on the way, on the day of the journey: open when, for whom, and a warning where it is closed."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.crossing_day import State, read_day
from facilities.crossing_words import day_lines, warning
from facilities.models import BorderCrossing, CrossingHours
from referrals import actions
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

DAY = date(2026, 12, 6)  # a Sunday


def row(
    traffic: str = "", hours: str = "", days: str = "", status: str = "", as_of: str = "2025"
) -> CrossingHours:
    return CrossingHours(traffic=traffic, hours=hours, days=days, status=status, as_of=as_of)


@pytest.mark.parametrize(
    ("rows", "operating", "day", "states", "said"),
    [
        ([], None, DAY, ("unknown", "unknown"), []),
        ([], False, DAY, ("closed", "closed"), ["On 6 December 2026: not open"]),
        (
            [row("all", "00:00-24:00", "daily", "operating", "2024-09-12")],
            True,
            DAY,
            ("open", "open"),
            ["On 6 December 2026: open round the clock (as of 12 September 2024)"],
        ),
        (
            [row("car", "08:00-20:00", "mon-sat", "operating"), row("pedestrian", "-23:00", "", "operating")],
            True,
            DAY,
            ("open", "closed"),
            [
                "On 6 December 2026 on foot: open until 23:00 by the local clock (as of 2025)",
                "On 6 December 2026 by car: not open (as of 2025)",
            ],
        ),
        ([row(days="daylight hours", status="operating; protocol")], True, DAY, ("open", "open"), None),
        # The newest source that says anything counts; goods are nobody's business.
        (
            [
                row(status="closed from 2025-02-05 for reconstruction", as_of="2025-02"),
                row(status="reopening announced for 2026-07-31; later state not verified", as_of="2026"),
            ],
            None,
            DAY,
            ("unknown", "unknown"),
            [
                "On 6 December 2026: its reopening was announced for 31 July 2026, and nobody has confirmed it "
                "(as of 2026)"
            ],
        ),
        (
            [
                row(status="closed from 2025-02-05 for reconstruction", as_of="2025-02"),
                row(status="reopening announced for 2026-07-31; later state not verified", as_of="2026"),
            ],
            None,
            date(2026, 7, 30),
            ("closed", "closed"),
            None,
        ),
        (
            [row(status="closed from 2026-12-07 until 2026-12", as_of="2026")],
            True,
            DAY,
            ("unknown", "unknown"),
            [],
        ),
        (
            [row(status="closed until 2026-12", as_of="2026")],
            True,
            date(2026, 12, 31),
            ("closed", "closed"),
            None,
        ),
        (
            [row(status="closed until 2026-12", as_of="2026")],
            True,
            date(2027, 1, 1),
            ("unknown", "unknown"),
            [],
        ),
        (
            [row("pedestrian", status="operating while Жибек жолы is closed")],
            True,
            DAY,
            ("open", "unknown"),
            ["On 6 December 2026 on foot: open, the hours are not known (as of 2025)"],
        ),
        ([row("lorry", status="operating")], None, DAY, ("unknown", "unknown"), []),
        ([row("", status="empty lorries only")], None, DAY, ("unknown", "unknown"), []),
        ([row("all", "06:00-22:00", "every second day", "")], True, DAY, ("open", "open"), None),
        ([row("", status="24-hour work planned: law passed")], None, DAY, ("unknown", "unknown"), []),
        ([row("all", status="closed from 2026-13-45")], None, DAY, ("closed", "closed"), None),
    ],
)
def test_what_sources_say_of_a_day(
    rows: list[CrossingHours],
    operating: bool | None,
    day: date,
    states: tuple[str, str],
    said: list[str] | None,
) -> None:
    found = read_day(BorderCrossing(operating=operating), rows, day)
    assert (found.on_foot.state, found.by_car.state) == states
    if said is not None:
        assert day_lines(found) == said
    assert bool(warning(found, "X")) == (State.CLOSED in states)


@pytest.mark.django_db
def test_the_case_the_choice_of_hosts_and_the_api_tell_of_the_day(clock: Clock, world: World) -> None:
    # The appointment begins at 00:30 in Bishkek, which is still the day before in Almaty.
    clock.set(datetime(2026, 12, 2, 12, tzinfo=ZoneInfo("Asia/Almaty")))
    CrossingHours.objects.create(
        crossing=world.akzhol,
        traffic="all",
        hours="08:00-20:00",
        days="mon-sat",
        status="operating",
        as_of="2026-11",
    )
    draft = make.make_draft(world, needed_by=date(2026, 12, 20))
    page = signed_in(world, "clinician_kz").get(reverse("referrals:file_page", args=[draft.pk, "where"]))
    shut = "is closed on 20 December 2026. Plan another way, or another day."
    assert shut in page.content.decode()
    api = make_api(world.korday)
    found = api.get(f"hosts/?specialty={draft.specialty.code}&district=KZ-314800000&on=2026-12-19")
    host = next(one for one in found.data["results"] if one["facility"]["id"] == world.bishkek.pk)
    assert (host["crossing_on_day"]["closed"], host["crossing_on_day"]["on_foot"]["opens"]) == (
        False,
        "08:00",
    )
    bad = api.get(f"hosts/?specialty={draft.specialty.code}&on=2026-13-01")
    assert (bad.status_code, bad.data["errors"][0]["field"]) == (422, "on")

    referral = make.make_sent(world, needed_by=date(2026, 12, 20))
    address = reverse("referrals:detail", args=[referral.pk])
    assert shut in signed_in(world, "officer_kz").get(address).content.decode()
    start = datetime(2026, 12, 7, 0, 30, tzinfo=ZoneInfo("Asia/Bishkek"))
    stay: dict[str, Any] = {"starts_at": start, "ends_at": start + timedelta(days=2)}
    actions.accept(referral.pk, by=world.actor("host_desk_kg"), **stay)
    assert timezone.localtime(start).date() == DAY
    open_words = "On 7 December 2026: open from 08:00 to 20:00 by the local clock (as of November 2026)"
    for name in ("clinician_kz", "officer_kz", "host_desk_kg"):
        shown = signed_in(world, name).get(address).content.decode()
        assert open_words in shown, name
        assert "is closed on" not in shown
    day = make_api(world.bishkek).get(f"referrals/{referral.pk}/").data["crossing_on_day"]
    assert (day["day"], day["closed"], day["by_car"]["closes"]) == ("2026-12-07", False, "20:00")
    # Whoever doesn't know of the appointment isn't told its day.
    officer = signed_in(world, "officer_kg")
    assert open_words not in officer.get(address).content.decode()
    assert officer.get(f"/api/v1/referrals/{referral.pk}/").json()["crossing_on_day"] is None
