"""The steps' pages along the road: questions, other hospitals, care, endings, appeals."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from core.permissions import Role
from referrals import actions
from tests.factories import referrals as make
from tests.factories.facilities import World, make_facility, make_member
from tests.integration.step_pages import dates_data, fresh, signed_in, state_of, url

pytestmark = pytest.mark.in_turn


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
            {"reason_code": "not_offered", "reason_text": "Not here."},
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
