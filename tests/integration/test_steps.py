"""Every step's page: who gets it, what it says, what it does, and what it does not do twice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from referrals import actions
from referrals.events import BY_NAME
from referrals.models import Appointment, StatusChange
from referrals.pages.steps import PAGES
from referrals.presentation.actions import links
from referrals.states import Party
from tests.clock import days_ago
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.step_pages import dates_data, fresh, signed_in, state_of, told, url


def test_every_step_of_a_person_has_its_page() -> None:
    """But for filing, which is the last page of a draft, and what the page of decisions alone offers."""
    by_persons = {name for name, event in BY_NAME.items() if event.parties != {Party.SYSTEM}}
    assert by_persons - set(PAGES) == {"submit", "grant", "partly_grant", "refuse", "sign_second"}
    assert set(PAGES) <= by_persons


def test_the_desk_accepts_with_a_date_in_its_own_time(world: World) -> None:
    referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    page = desk.get(url(referral, "accept"))
    assert page.status_code == 200
    assert "Bishkek time (UTC+6)" in page.content.decode()
    for name, status in (
        ("clinician_kz", 403),
        ("officer_kz", 403),
        ("host_desk_uz", 404),
        ("outsider", 404),
    ):
        assert signed_in(world, name).get(url(referral, "accept")).status_code == status, name
        answer = signed_in(world, name).post(url(referral, "accept"), dates_data(referral))
        assert answer.status_code == status, name
    assert state_of(referral) == "sent"

    answer = desk.post(url(referral, "accept"), dates_data(referral, place="Bed 4"))
    assert answer["Location"] == reverse("referrals:detail", args=[referral.pk])
    assert told(answer) == ["The referral is accepted. The clinician and the patient are told of the date."]
    offer = Appointment.objects.get(referral=referral, active=True)
    assert offer.period.lower.utcoffset() is not None
    assert f"{offer.period.lower:%H:%M}" == "04:30"  # 10:30 in Bishkek
    assert offer.period.upper - offer.period.lower == timedelta(days=3)
    assert state_of(referral) == "accepted"


def test_a_second_click_is_answered_calmly_and_does_nothing(world: World) -> None:
    referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    data = dates_data(referral)
    assert desk.post(url(referral, "accept"), data).status_code == 302
    again = desk.post(url(referral, "accept"), data)
    assert again["Location"] == reverse("referrals:detail", args=[referral.pk])
    assert "The second click changed nothing." in told(again)[-1]
    assert StatusChange.objects.filter(referral=referral, event="accept").count() == 1
    assert Appointment.objects.filter(referral=referral).count() == 1


def test_an_old_version_keeps_what_was_typed_and_can_be_sent_again(world: World) -> None:
    referral = make.make_accepted(world)
    desk = signed_in(world, "host_desk_kg")
    old = dates_data(referral, note="Bring the films.")
    colleague = world.actor("host_desk_kg")
    actions.schedule(referral.pk, by=colleague, **make.dates(9))

    other = signed_in(world, "host_desk_kg")
    answer = other.post(url(referral, "reschedule"), old)
    assert answer.status_code == 412
    text = answer.content.decode()
    assert "Bring the films." in text
    assert f'name="version" value="{fresh(referral).version}"' in text
    assert Appointment.objects.get(referral=referral, active=True).note == ""

    renewed = {**old, "version": fresh(referral).version}
    assert desk.post(url(referral, "reschedule"), renewed).status_code == 302
    assert Appointment.objects.get(referral=referral, active=True).note == "Bring the films."


def test_a_taken_place_is_told_at_its_field(world: World) -> None:
    first, second = make.make_sent(world), make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    assert desk.post(url(first, "accept"), dates_data(first, place="Theatre 1")).status_code == 302
    clash = desk.post(url(second, "accept"), dates_data(second, 8, place="Theatre 1"))
    assert clash.status_code == 422
    assert clash.context["form"].errors["place"] == [
        "This place is taken at that time. Choose another time or another place."
    ]
    assert state_of(second) == "sent"
    assert desk.post(url(second, "accept"), dates_data(second, place="Theatre 2")).status_code == 302
    assert state_of(second) == "accepted"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"days": ""}, "days", "Say how long"),
        ({"days": "3", "end_time": "12:00"}, "days", "not both"),
        ({"days": "0"}, "days", "at least one"),
        ({"days": "x"}, "days", "whole number"),
        ({"start_time": "25:00"}, "start_time", "for example 9:30"),
        ({"start_time": ""}, "start_time", "fill this in"),
        ({"start_date_year": "2020"}, "start_date", "past"),
        ({"days": "", "end_time": "9:00"}, "end_time", "after the start"),
        ({"start_date_day": "31", "start_date_month": "2"}, "start_date", "real date"),
        ({"start_date_year": "in two years"}, "start_date", "as authorised"),
        ({"place": "Bed\u200b4"}, "place", "invisible"),
    ],
)
def test_a_wrong_date_is_told_at_its_field(
    world: World, changes: dict[str, str], field: str, words: str
) -> None:
    referral = make.make_sent(world)
    if changes.get("start_date_year") == "in two years":
        changes = {**changes, "start_date_year": str(timezone.localdate().year + 2)}
    answer = signed_in(world, "host_desk_kg").post(url(referral, "accept"), dates_data(referral, **changes))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert state_of(referral) == "sent"


def test_a_visit_of_an_hour_needs_only_the_time_of_its_end(world: World) -> None:
    referral = make.make_sent(world)
    data = dates_data(referral, days="", end_time="11.30")
    assert signed_in(world, "host_desk_kg").post(url(referral, "accept"), data).status_code == 302
    period = Appointment.objects.get(referral=referral).period
    assert period.upper - period.lower == timedelta(hours=1)


def test_a_step_that_the_state_refuses_lists_what_is_possible(world: World) -> None:
    referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    answer = desk.get(url(referral, "admit"))
    assert answer.status_code == 409
    assert [row["event"] for row in answer.context["actions"]] == ["accept", "decline"]
    assert desk.post(url(referral, "discharge"), {"version": referral.version}).status_code == 409
    assert desk.get(url(referral, "grant")).status_code == 404
    assert desk.get(url(referral, "no_such_step")).status_code == 404


def test_when_the_authorisation_has_run_out_the_host_can_only_decline(world: World) -> None:
    with days_ago(100):
        referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    before = fresh(referral)
    assert desk.get(url(referral, "accept")).status_code == 200
    assert actions.expire(referral.pk, by=SYSTEM)
    answer = desk.get(url(referral, "accept"))
    assert answer.status_code == 409
    assert "The authorisation is not in force. Ask the directing ministry." in answer.content.decode()
    assert [row["event"] for row in answer.context["actions"]] == ["decline"]
    assert desk.post(url(referral, "accept"), dates_data(before)).status_code == 409
    assert state_of(referral) == "sent"


def test_a_form_without_its_version_does_nothing(world: World) -> None:
    referral = make.make_sent(world)
    desk = signed_in(world, "host_desk_kg")
    for version in ("", "x", "-1", "99999999999999999999"):
        answer = desk.post(url(referral, "accept"), dates_data(referral, version=version))
        assert answer.status_code == 422, version
        assert "Load the page again" in answer.content.decode()
    assert state_of(referral) == "sent"


def test_the_links_are_those_of_the_actor_with_endings_last(world: World) -> None:
    referral = make.make_in_review(world)
    events = {
        name: [row["event"] for row in links(world.actor(name), referral)]
        for name in ("officer_kz", "coordinator_kz", "clinician_kz", "host_desk_kg", "officer_kg")
    }
    assert events == {
        "officer_kz": ["decide", "request_information", "cancel"],
        "coordinator_kz": ["request_information", "cancel"],
        "clinician_kz": [
            "add_evidence",
            "complete_facts",
            "record_consilium",
            "raise_urgency",
            "change_host",
            "withdraw",
            "record_death",
            "enter_in_error",
        ],
        "host_desk_kg": [],
        "officer_kg": [],
    }
    assert [row["event"] for row in links(world.actor("officer_kz"), referral, without=["decide"])][:1] == [
        "request_information"
    ]
    draft = make.make_draft(world)
    assert [str(row["text"]) for row in links(world.actor("clinician_kz"), draft)] == ["Discard this draft"]


def test_every_step_needs_a_person_who_is_signed_in(world: World) -> None:
    referral = make.make_sent(world)
    answer = Client().get(url(referral, "accept"))
    assert answer.status_code == 302
    assert reverse("accounts:sign_in") in answer["Location"]
