"""By whose clock a time is told, and whose day a day is."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from core.db import as_actor
from core.outbox import work
from patients import actions as patient_actions
from referrals import actions
from referrals.presentation import when
from referrals.presentation.clock import host_clock
from tests.clock import Clock
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.filing_pages import day, signed_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)  # a Wednesday: 12:00 in Almaty and Tashkent, 13:00 in Bishkek


def page(world: World, name: str, url: str) -> str:
    return " ".join(signed_in(world, name).get(url).content.decode().split())


def test_an_appointment_is_told_by_the_hospital_s_clock_everywhere(clock: Clock, world: World) -> None:
    clock.set(NOON)
    referral = make.make_accepted(world)
    starts = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)  # 9:00 in Bishkek, 8:00 in Almaty
    desk = world.actor("host_desk_kg")
    case = reverse("referrals:detail", args=[referral.pk])
    offered = "The date offered is 2 December 13:00, by the host hospital’s clock"
    for reader, zone in (("clinician_kz", ": Bishkek time (UTC+6)."), ("host_desk_kg", ".")):
        assert offered + zone in page(world, reader, case), "one that is offered, too"
    assert "offered for 2 December 13:00, by the host hospital’s clock" in page(world, "clinician_kz", case)
    actions.schedule(referral.pk, by=desk, starts_at=starts, ends_at=starts + timedelta(days=2))
    at_home = "28 November 09:00, by the host hospital’s clock: Bishkek time (UTC+6)"
    for address in (case, reverse("referrals:worklist") + "?tab=others"):
        shown = page(world, "clinician_kz", address)
        assert at_home in shown, address
        assert "Times that name no clock: Almaty time (UTC+5)." in shown
        assert "28 November 08:00" not in shown
    for address in (case, reverse("referrals:desk") + "?part=preparation"):
        shown = page(world, "host_desk_kg", address)
        assert "28 November 09:00, by the host hospital’s clock." in shown or (
            "28 November 09:00, by the host hospital’s clock<" in shown
        )
        assert "clock: Bishkek time" not in shown, "one clock needs no name"
        assert "Times that name no clock: Bishkek time (UTC+6)." in shown


def test_every_other_time_is_told_by_the_reader_s_clock(clock: Clock, world: World) -> None:
    clock.set(NOON)
    referral = make.make_in_review(world)
    url = reverse("referrals:detail", args=[referral.pk])
    assert "25 November 12:00" in page(world, "officer_kz", url)
    officer, profile = signed_in(world, "officer_kz"), reverse("accounts:profile")
    wrong = officer.post(profile, {"preferred_language": "en", "time_zone": "Mars/Olympus"})
    assert wrong.status_code == 422
    assert officer.post(profile, {"preferred_language": "en", "time_zone": "Asia/Bishkek"}).status_code == 302
    assert "25 November 13:00" in page(world, "officer_kz", url)
    organisation = world.korday.organisation
    organisation.time_zone = "Asia/Bishkek"
    organisation.save()
    assert "25 November 13:00" in page(world, "clinician_kz", url)


def test_today_is_the_day_of_whoever_acts(clock: Clock, world: World) -> None:
    clock.set(datetime(2026, 11, 25, 18, 30, tzinfo=UTC))  # 23:30 in Almaty, 0:30 of the 26th in Bishkek
    tomorrow = date(2026, 11, 26)
    kyrgyz, kazakh = world.actor("clinician_kg"), world.actor("clinician_kz")
    here = make.make_patient(world, kyrgyz)
    terms: dict[str, Any] = {"kind": "insurance", "valid_from": tomorrow, "source": "register"}
    made = patient_actions.record_coverage(
        by=kyrgyz, patient_id=here.pk, fund=world.funds["KG"].pk, checked_on=tomorrow, **terms
    )
    assert made.checked_on == tomorrow
    # Whoever is told the time of another place still acts where the organisation is.
    away = replace(kyrgyz, zone="Asia/Almaty")
    terms_of_another = {**terms, "fund": world.funds["KG"].pk, "number": "2", "checked_on": tomorrow}
    assert patient_actions.record_coverage(by=away, patient_id=here.pk, **terms_of_another).pk
    there = make.make_patient(world, kazakh)
    answer = make_api(world.korday).post(
        f"patients/{there.pk}/coverages/",
        {
            "kind": "insurance",
            "fund": "FSMS",
            "source": "register",
            "valid_from": "2026-11-26",
            "checked_on": "2026-11-26",
        },
    )
    assert [error["field"] for error in answer.data["errors"]] == ["checked_on"], (
        "in Almaty it is still the 25th"
    )
    # A moment is a moment, whatever its offset: 21:30Z is in an hour at one place and at another.
    referral = make.make_sent(world)
    clock.set(datetime(2026, 11, 25, 20, 30, tzinfo=UTC))
    host = make_api(world.bishkek)
    stay = {"starts_at": "2026-11-25T21:30:00Z", "ends_at": "2026-11-27T04:00:00Z"}
    assert host.step(referral, "accept", stay).status_code == 200


def test_a_page_s_day_is_its_organisation_s_and_a_rule_s_the_directing_country_s(
    clock: Clock, world: World
) -> None:
    clock.set(NOON)
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician)
    last = make.make_consent(patient, clinician, valid_to=date(2026, 11, 25))
    referral = make.make_sent(world, patient=patient, consent=last)
    case, coverage = (
        reverse("referrals:detail", args=[referral.pk]),
        reverse("patients:coverage", args=[patient.pk]),
    )
    clock.set(datetime(2026, 11, 25, 18, 30, tzinfo=UTC))  # 23:30 in Almaty, 0:30 of the 26th in Bishkek
    # Told the time of Bishkek, the clinician still writes in Almaty.
    world.users["clinician_kz"].time_zone = "Asia/Bishkek"
    world.users["clinician_kz"].save()
    form = signed_in(world, "clinician_kz").get(coverage).content.decode()
    assert re.search(r'name="checked_on_day"[^>]*value="25"', form)
    typed = {"kind": "self", "source": "stated", **day("valid_from", date(2026, 11, 25))}
    answer = signed_in(world, "clinician_kz").post(coverage, typed | day("checked_on", date(2026, 11, 26)))
    assert (answer.status_code, "lies in the future" in answer.content.decode()) == (422, True)
    kyrgyz = make.make_patient(world, world.actor("clinician_kg"))
    there = reverse("patients:coverage", args=[kyrgyz.pk])
    taken = signed_in(world, "clinician_kg").post(there, typed | day("checked_on", date(2026, 11, 26)))
    assert taken.status_code == 302, "in Bishkek it is the 26th"
    # The consent of a Kazakh patient ends with the Kazakh day, whoever reads by it.
    assert patient.full_name in page(world, "host_desk_kg", case)
    assert make_api(world.bishkek).get(f"referrals/{referral.pk}/").data["clinical_content"] is True
    clock.set(datetime(2026, 11, 25, 19, 30, tzinfo=UTC))
    assert patient.full_name not in page(world, "host_desk_kg", case)
    assert make_api(world.bishkek).get(f"referrals/{referral.pk}/").data["clinical_content"] is False


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 11, 25, 7, 0, tzinfo=UTC), "5 working days left"),
        (datetime(2026, 11, 28, 7, 0, tzinfo=UTC), "2 working days left"),
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), "Less than one working day left"),
        (datetime(2026, 12, 2, 8, 0, 5, tzinfo=UTC), "Less than one working day over the limit"),
        (datetime(2026, 12, 7, 8, 0, tzinfo=UTC), "3 working days over the limit"),
    ],
)
def test_working_days_are_told_as_working_days(clock: Clock, world: World, now: datetime, said: str) -> None:
    clock.set(NOON)
    referral = make.make_sent(world, priority="routine")
    found = host_clock(referral, now)
    assert found is not None
    assert (found.sentence, found.of) == (said, "of 5 working days")


def test_a_limit_that_ends_at_midnight_ends_with_the_day_before(world: World) -> None:
    almaty = ZoneInfo("Asia/Almaty")
    midnight = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
    words = {"at": "Due by %(moment)s.", "with_day": "Due by the end of %(day)s."}
    for reader, minute_before in (("officer_kz", "22 November 23:59"), ("officer_kg", "23 November 00:59")):
        with as_actor(world.actor(reader)):
            assert when.ends(midnight, almaty, NOON, **words) == "Due by the end of 22 November."
            before = when.ends(midnight - timedelta(minutes=1), almaty, NOON, **words)
            assert before == f"Due by {minute_before}."
            assert when.ends(None, almaty, NOON, **words) == ""


def test_a_row_shows_the_clock_of_the_work_that_it_asks_for(clock: Clock, world: World) -> None:
    clock.set(NOON)
    referral = make.make_submitted(world, priority="stat", triage_note="Shock.", needed_by=None)
    work.drain()
    reviewed = page(world, "officer_kz", reverse("referrals:decisions") + "?part=emergencies")
    assert re.search(r"2[34] hours left", reviewed)
    assert "30 minutes left" not in reviewed
    asked = page(world, "host_desk_kg", reverse("referrals:desk"))
    assert re.search(r"(29|30) minutes left", asked)
    assert str(referral) in asked
    assert timezone.get_current_timezone_name() == "Asia/Almaty"
