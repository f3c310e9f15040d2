"""Public holidays: seeded, kept by people, and read by every limit in working days, each by its own body's calendar."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from agreements.access import calendar_of
from core.outbox import work
from core.outbox.messages import words_of
from core.outbox.models import Message
from facilities.models import CalendarDay, Country
from facilities.reference import calendars
from facilities.reference.report import TableReport
from facilities.tasks import keep_calendars
from referrals import actions
from referrals.presentation.clock import host_clock
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.filing_pages import signed_in

pytestmark = pytest.mark.django_db
NEW_YEAR_S_EVE = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)  # a Thursday: 9:00 in Almaty, 10:00 in Bishkek


def load() -> TableReport:
    report = TableReport("days off")
    calendars.load(report)
    return report


def works_on(country: str, *day: int) -> bool:
    return calendar_of(Country.objects.get(pk=country)).works_on(date(*day))


def test_the_seed_is_repeated_in_vain_and_a_persons_day_stays(clock: Clock, world: World) -> None:
    clock.set(NEW_YEAR_S_EVE)
    first = load()
    assert first.created == CalendarDay.objects.count() > 300
    assert set(CalendarDay.objects.dates("day", "year")) == {date(year, 1, 1) for year in range(2025, 2032)}
    assert (
        CalendarDay.objects.get(country="KG", day=date(2027, 8, 31)).names["ru"]
        == "День независимости Кыргызской Республики"
    )
    assert works_on("KZ", 2026, 12, 15)
    assert not works_on("KZ", 2026, 12, 16)
    assert works_on("KG", 2026, 12, 16), "each country has its own"
    assert works_on("UZ", 2026, 12, 12), "a Saturday that is worked"
    assert not works_on("UZ", 2026, 12, 31), "for a Thursday that isn't"
    assert not works_on("UZ", 2026, 12, 13)

    url, administrator = reverse("admin:facilities_calendarday_add"), signed_in(world, "administrator")
    decree = {"country": "KZ", "day": "2027-02-11", "kind": "off", "names_en": "By decree"}
    assert signed_in(world, "officer_kz").post(url, decree).status_code == 302
    assert not CalendarDay.objects.filter(day=date(2027, 2, 11)).exists()
    wrong = administrator.post(url, decree | {"day": "2199-02-11"})
    assert wrong.status_code == 200
    assert "too far in the past or in the future" in wrong.content.decode()
    assert administrator.post(url, decree).status_code == 302
    assert not works_on("KZ", 2027, 2, 11)
    moved = CalendarDay.objects.get(country="KZ", day=date(2027, 12, 16))
    change = reverse("admin:facilities_calendarday_change", args=[moved.pk])
    assert administrator.post(change, {"kind": "worked", "names_en": "Worked"}).status_code == 302
    assert works_on("KZ", 2027, 12, 16)
    # An estimate that the next seed doesn't have any more goes; what a person wrote stays.
    CalendarDay.objects.create(country_id="KZ", day=date(2027, 6, 1), names={"en": "Wrong estimate"})
    again = load()
    assert (again.created, again.updated) == (0, 1)
    assert works_on("KZ", 2027, 6, 1)
    assert works_on("KZ", 2027, 12, 16)
    assert not works_on("KZ", 2027, 2, 11)
    assert (load().created, load().updated) == (0, 0)


def test_each_limit_ends_by_the_calendar_of_the_body_that_has_the_clock(clock: Clock, world: World) -> None:
    clock.set(NEW_YEAR_S_EVE)
    load()
    asked = make.make_submitted(world, priority="urgent")
    # Kazakhstan rests on 1, 4 and 7 January 2027: the working days are 5, 6 and 8.
    assert asked.authorisation.due_at is not None
    assert asked.authorisation.due_at.replace(second=0, microsecond=0) == datetime(
        2027, 1, 8, 4, 0, tzinfo=UTC
    )
    sent = make.make_sent(world, priority="urgent")
    # Kyrgyzstan rests from 1 to 7 January.
    assert sent.host_reply_due_at is not None
    assert sent.host_reply_due_at.replace(second=0, microsecond=0) == datetime(2027, 1, 8, 4, 0, tzinfo=UTC)
    shown = host_clock(sent, datetime(2027, 1, 1, 4, 0, tzinfo=UTC))
    assert shown is not None
    assert shown.sentence == "Less than one working day left", "the feast counts nothing"
    late = host_clock(sent, datetime(2027, 1, 10, 10, 0, tzinfo=UTC))
    assert late is not None
    assert late.sentence == "Less than one working day over the limit"
    later = host_clock(sent, datetime(2027, 1, 11, 10, 0, tzinfo=UTC))
    assert later is not None
    assert later.sentence == "1 working day over the limit"


def test_a_standstill_over_days_off_gives_nobody_days(clock: Clock, world: World) -> None:
    clock.set(NEW_YEAR_S_EVE)
    load()
    referral = make.make_in_review(world, priority="urgent")
    page = reverse("referrals:detail", args=[referral.pk])
    shown = signed_in(world, "officer_kz").get(page).content.decode()
    assert "2 working days left" in shown, "whole ones"
    assert "No public holidays are entered" not in shown
    officer, clinician = world.actor("officer_kz"), world.actor("clinician_kz")
    clock.set(datetime(2027, 1, 1, 4, 0, tzinfo=UTC))  # a day off: the limit of three days has used 15 hours
    actions.request_information(referral.pk, by=officer, questions=["Fit for the road?"])
    stopped = signed_in(world, "officer_kz").get(page).content.decode()
    assert "2 working days were left then." in stopped
    clock.set(datetime(2027, 1, 4, 4, 0, tzinfo=UTC))  # Monday, another day off
    answered = actions.answer(referral.pk, by=clinician, answers={1: "Yes."})
    due = answered.authorisation.due_at
    assert due is not None
    assert due.replace(second=0, microsecond=0) == datetime(2027, 1, 8, 4, 0, tzinfo=UTC), (
        "as without the asking"
    )
    # Of a year that nobody entered, whoever waits is told how it is counted.
    Country.objects.update(working_calendar={})
    told = signed_in(world, "officer_kz").get(page).content.decode()
    assert "No public holidays are entered for 2027 yet: every weekday counts as a working day." in told


def test_a_year_of_which_nothing_is_known_is_told_once(
    clock: Clock, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(NEW_YEAR_S_EVE)
    monkeypatch.setattr(calendars, "seed", lambda country, years: iter(()))
    CalendarDay.objects.create(
        country_id="KG", day=date(2026, 1, 1), names={"en": "New Year"}, by_person=True
    )
    assert keep_calendars() == 5
    assert keep_calendars() == 0
    work.drain()
    rows = Message.objects.filter(kind="calendar.missing", channel="inbox")
    assert {row.user.username for row in rows if row.user} == {world.users["administrator"].username}
    told: set[str] = {words_of(row, "en").subject for row in rows}
    assert "Kyrgyzstan: no days off are known for 2027" in told
    assert len(told) == 5
    shown: Any = signed_in(world, "administrator").get(reverse("admin:facilities_calendarday_changelist"))
    assert "Kyrgyzstan: no days off are known for 2027." in shown.content.decode()
    assert "Kyrgyzstan: no days off are known for 2026." not in shown.content.decode()
    monkeypatch.undo()
    assert keep_calendars() == 0
    assert not calendars.years_unknown()
