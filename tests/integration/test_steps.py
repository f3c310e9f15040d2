"""Every step's page: who gets it, what it says, what it does, and what it does not do twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from core.permissions import Role
from referrals import actions
from referrals.events import BY_NAME
from referrals.models import Appointment, Referral, StatusChange
from referrals.pages.steps import PAGES
from referrals.presentation.actions import links
from referrals.states import Party
from tests.clock import days_ago
from tests.factories import referrals as make
from tests.factories.facilities import World, make_facility, make_member


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def told(answer: Any) -> list[str]:
    """The messages that the answer leaves for the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def url(referral: Referral, event: str) -> str:
    return reverse("referrals:step", args=[referral.pk, event])


def dates_data(referral: Referral, ahead: int = 7, **changes: Any) -> dict[str, Any]:
    start = timezone.localdate() + timedelta(days=ahead)
    return {
        "version": referral.version,
        "start_date_day": start.day,
        "start_date_month": start.month,
        "start_date_year": start.year,
        "start_time": "10:30",
        "days": "3",
        **changes,
    }


def state_of(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).state


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def test_every_step_of_a_person_has_its_page() -> None:
    """But for filing, which is the last page of a draft, and what the page of decisions alone offers."""
    by_persons = {name for name, event in BY_NAME.items() if event.parties != {Party.SYSTEM}}
    assert by_persons - set(PAGES) == {"submit", "grant", "partly_grant", "refuse"}
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
    assert [row["event"] for row in answer.context["actions"]] == ["accept", "decline", "record_death"]
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
    assert [row["event"] for row in answer.context["actions"]] == ["decline", "record_death"]
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


def test_questions_and_answers(world: World) -> None:
    referral = make.make_in_review(world)
    coordinator, clinician = signed_in(world, "coordinator_kz"), signed_in(world, "clinician_kz")
    assert clinician.get(url(referral, "request_information")).status_code == 403
    empty = coordinator.post(url(referral, "request_information"), {"version": referral.version})
    assert empty.context["form"].errors["question_1"] == ["Write at least one question."]
    data = {"version": referral.version, "question_2": "Fit for the road?", "question_4": "Any allergies?"}
    assert coordinator.post(url(referral, "request_information"), data).status_code == 302
    referral = fresh(referral)
    assert referral.state == "info_requested"

    page = clinician.get(url(referral, "answer"))
    assert "Fit for the road?" in page.content.decode()
    assert coordinator.get(url(referral, "answer")).status_code == 403
    half = {"version": referral.version, "answer_1": "Yes.", "report_author": "Test cardiologist"}
    answer = clinician.post(url(referral, "answer"), half)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"answer_2", "report_date", "report_text"}
    assert "Yes." in answer.content.decode()
    today = timezone.localdate()
    whole = half | {
        "answer_2": "None known.",
        "report_text": "Severe insufficiency.",
        "report_date_day": today.day,
        "report_date_month": today.month,
        "report_date_year": today.year,
    }
    assert clinician.post(url(referral, "answer"), whole).status_code == 302
    assert state_of(referral) == "screening"
    assert referral.evidence.count() == 2
    # The second click of an answer comes when the check has gone on already.
    actions.finish_screening(referral.pk, by=SYSTEM)
    assert clinician.post(url(referral, "answer"), whole).status_code == 302
    assert referral.evidence.count() == 2


def test_the_coordinator_sends_a_declined_referral_to_the_nearest_other_hospital(world: World) -> None:
    surgery = world.specialties["cardiac_surgery"]
    near = make_facility("KG", "Near hospital", unit=world.units["ysyk_ata"], specialties=(surgery,))
    far = make_facility("KG", "Far hospital", unit=world.units["osh"], specialties=(surgery,))
    make_facility("UZ", "Other country", unit=world.units["andijan_city"], specialties=(surgery,))
    referral = make.make_sent(world)
    desk, coordinator = signed_in(world, "host_desk_kg"), signed_in(world, "coordinator_kz")
    wrong = desk.post(url(referral, "decline"), {"version": referral.version, "reason_code": "no_capacity"})
    assert set(wrong.context["form"].errors) == {"reason_text"}
    data = {"version": referral.version, "reason_code": "no_capacity", "reason_text": "No bed."}
    assert desk.post(url(referral, "decline"), data).status_code == 302
    referral = fresh(referral)

    page = coordinator.get(url(referral, "re_route"))
    assert "No bed." in page.content.decode()
    assert [value for value, _label in page.context["form"].fields["host_facility"].choices] == [
        str(near.pk),
        str(far.pk),
    ]
    assert desk.get(url(referral, "re_route")).status_code == 403
    back = {"version": referral.version, "host_facility": world.bishkek.pk, "reason_text": "x"}
    assert coordinator.post(url(referral, "re_route"), back).status_code == 422
    on = back | {"host_facility": near.pk}
    assert coordinator.post(url(referral, "re_route"), on).status_code == 302
    referral = fresh(referral)
    assert (referral.state, referral.host_facility_id) == ("sent", near.pk)

    again = make_member("desk_near", near.organisation, Role.HOST_DESK)
    client = Client()
    client.force_login(again)
    data["version"] = referral.version
    assert client.post(url(referral, "decline"), data).status_code == 302
    page = coordinator.get(url(referral, "re_route"))
    choices = [value for value, _label in page.context["form"].fields["host_facility"].choices]
    assert choices == [str(far.pk), str(world.bishkek.pk)], "who declined before stands last"
    assert page.content.decode().count("Declined this referral on") == 1


def test_from_the_date_to_the_closing(world: World) -> None:
    referral = make.make_accepted(world)
    desk, clinician = signed_in(world, "host_desk_kg"), signed_in(world, "clinician_kz")
    page = desk.get(url(referral, "schedule"))
    assert page.context["form"]["start_date"].value() is not None
    assert desk.post(url(referral, "schedule"), dates_data(referral)).status_code == 302
    assert desk.post(url(referral, "reschedule"), dates_data(fresh(referral), 9)).status_code == 302
    assert clinician.post(url(referral, "admit"), {"version": 1}).status_code == 403
    assert desk.post(url(referral, "admit"), {"version": fresh(referral).version}).status_code == 302
    today = timezone.localdate()
    day = {"day": today.day, "month": today.month, "year": today.year}
    data = {
        "version": fresh(referral).version,
        **{f"admitted_on_{part}": value for part, value in day.items()},
        **{f"discharged_on_{part}": value for part, value in day.items()},
        "care_given": "Valve repair.",
        "outcome": "Mobile.",
        "advice": "x" * 4001,
    }
    assert set(desk.post(url(referral, "discharge"), data).context["form"].errors) == {"advice"}
    assert desk.post(url(referral, "discharge"), data | {"advice": "Rest."}).status_code == 302
    assert "Valve repair." in clinician.get(url(referral, "close")).content.decode()
    assert desk.get(url(referral, "close")).status_code == 403
    assert clinician.post(url(referral, "close"), {"version": fresh(referral).version}).status_code == 302
    assert state_of(referral) == "closed"


@pytest.mark.parametrize(
    ("event", "who", "denied", "data", "state"),
    [
        ("withdraw", "clinician_kz", "officer_kz", {"reason_code": "patient_wish"}, "withdrawn"),
        ("cancel", "coordinator_kz", "clinician_kz", {"reason_text": "Closed border."}, "cancelled"),
        ("cancel", "officer_kz", "host_desk_kg", {"reason_text": "Closed border."}, "cancelled"),
        ("revoke", "officer_kz", "coordinator_kz", {"reason_text": "Granted by mistake."}, "cancelled"),
        (
            "enter_in_error",
            "clinician_kz",
            "host_desk_kg",
            {"reason_text": "Wrong patient."},
            "entered_in_error",
        ),
        (
            "decline",
            "host_desk_kg",
            "clinician_kz",
            {"reason_code": "not_offered", "reason_text": "No."},
            "declined",
        ),
    ],
)
def test_how_a_referral_can_end(
    world: World, event: str, who: str, denied: str, data: dict[str, str], state: str
) -> None:
    referral = make.make_sent(world)
    data = {"version": referral.version, **data}
    assert signed_in(world, denied).post(url(referral, event), data).status_code == 403
    client = signed_in(world, who)
    page = client.get(url(referral, event))
    assert "govuk-button--warning" in page.content.decode()
    assert client.post(url(referral, event), {"version": referral.version}).status_code == 422
    assert state_of(referral) == "sent"
    assert client.post(url(referral, event), data).status_code == 302
    assert state_of(referral) == state


def test_a_death_is_recorded_by_its_day(world: World) -> None:
    referral = make.make_in_care(world)
    desk = signed_in(world, "host_desk_kg")
    later = timezone.localdate() + timedelta(days=2)
    data = {"deceased_on_day": later.day, "deceased_on_month": later.month, "deceased_on_year": later.year}
    assert desk.post(url(referral, "record_death"), {"version": referral.version, **data}).status_code == 422
    today = timezone.localdate()
    data = {"deceased_on_day": today.day, "deceased_on_month": today.month, "deceased_on_year": today.year}
    assert signed_in(world, "officer_kz").post(url(referral, "record_death"), data).status_code == 403
    assert desk.post(url(referral, "record_death"), {"version": referral.version, **data}).status_code == 302
    assert state_of(referral) == "deceased"


def test_an_appeal_is_decided_by_another_officer(world: World) -> None:
    referral = make.make_in_review(world)
    officer = world.actor("officer_kz")
    actions.refuse(referral.pk, by=officer, reason_code="available_home", reason_text="Astana has room.")
    referral = fresh(referral)
    clinician = signed_in(world, "clinician_kz")
    assert "Astana has room." in clinician.get(url(referral, "appeal")).content.decode()
    assert signed_in(world, "officer_kz").get(url(referral, "appeal")).status_code == 403
    data = {"version": referral.version, "text": "Astana cancelled."}
    assert clinician.post(url(referral, "appeal"), data).status_code == 302
    referral = fresh(referral)

    first, second = signed_in(world, "officer_kz"), signed_in(world, "officer2_kz")
    data = {"version": referral.version, "reason_text": "New facts."}
    for event in ("overturn", "uphold"):
        assert first.get(url(referral, event)).status_code == 403
        assert first.post(url(referral, event), data).status_code == 403
    assert "Astana cancelled." in second.get(url(referral, "overturn")).content.decode()
    assert second.post(url(referral, "overturn"), data).status_code == 302
    assert state_of(referral) == "in_review"


def test_an_authorisation_is_extended_only_to_a_later_day(world: World) -> None:
    referral = make.make_sent(world)
    officer = signed_in(world, "officer_kz")
    first, later = timezone.localdate(), timezone.localdate() + timedelta(days=90)

    def data(day: Any) -> dict[str, Any]:
        parts = {"valid_until_day": day.day, "valid_until_month": day.month, "valid_until_year": day.year}
        return {"version": fresh(referral).version, "reason_text": "The host is late.", **parts}

    assert officer.post(url(referral, "extend"), data(first)).status_code == 422
    assert signed_in(world, "coordinator_kz").post(url(referral, "extend"), data(later)).status_code == 403
    assert officer.post(url(referral, "extend"), data(later)).status_code == 302
    assert fresh(referral).authorisation.valid_until == later


def test_an_emergency_is_reviewed_once(world: World) -> None:
    referral = make.make_submitted(
        world, priority="stat", triage_note="Shock.", emergency_ground="Unconscious."
    )
    officer = signed_in(world, "officer_kz")
    assert "Shock." in officer.get(url(referral, "review_emergency")).content.decode()
    data = {"version": fresh(referral).version, "review_text": "An emergency indeed."}
    assert signed_in(world, "coordinator_kz").post(url(referral, "review_emergency"), data).status_code == 403
    assert officer.post(url(referral, "review_emergency"), data).status_code == 302
    assert officer.get(url(referral, "review_emergency")).status_code == 409


def test_the_links_are_those_of_the_actor_with_endings_last(world: World) -> None:
    referral = make.make_in_review(world)
    events = {
        name: [row["event"] for row in links(world.actor(name), referral)]
        for name in ("officer_kz", "coordinator_kz", "clinician_kz", "host_desk_kg", "officer_kg")
    }
    assert events == {
        "officer_kz": ["decide", "request_information", "cancel"],
        "coordinator_kz": ["request_information", "cancel"],
        "clinician_kz": ["withdraw", "record_death", "enter_in_error"],
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
