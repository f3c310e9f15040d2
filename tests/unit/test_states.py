"""The tables of the two state machines say what the domain says, and nothing hangs in the air."""

from typing import Any

import pytest

from core import road
from core.road import Transition
from referrals.events import (
    AUTHORISATION_TABLE,
    AUTHORISATION_TRANSITIONS,
    REFERRAL_TABLE,
    REFERRAL_TRANSITIONS,
)
from referrals.machines import AUTHORISATION, REFERRAL
from referrals.states import (
    ACTIVE_STATES,
    OVER_STATES,
    UNTOUCHED_STATES,
    AuthorisationEvent,
    AuthorisationState,
    Party,
    ReferralEvent,
    ReferralState,
)

TABLES = [
    pytest.param(REFERRAL_TRANSITIONS, ReferralState, ReferralEvent, {"draft"}, id="referral"),
    # An authorisation begins as one of two, by the referral's priority.
    pytest.param(
        AUTHORISATION_TRANSITIONS,
        AuthorisationState,
        AuthorisationEvent,
        {"pending", "not_required"},
        id="authorisation",
    ),
]


@pytest.mark.parametrize(("rows", "states", "events", "begin"), TABLES)
def test_every_event_has_one_row_and_every_state_is_reached(
    rows: tuple[Transition, ...], states: type, events: type, begin: set[str]
) -> None:
    assert sorted(row.event for row in rows) == sorted(events)
    assert all(row.sources and row.parties for row in rows)
    reached = {state.value for state in states if state in begin}
    while True:
        begun = [row for row in rows if reached & {state.value for state in row.sources}]
        more = {row.target.value for row in begun if row.target is not None}
        if more <= reached:
            break
        reached |= more
    assert reached == {state.value for state in states}


def test_a_referral_is_a_draft_or_active_or_over() -> None:
    assert not ACTIVE_STATES & OVER_STATES
    assert ACTIVE_STATES | OVER_STATES | {ReferralState.DRAFT} == frozenset(ReferralState)


def test_before_the_check_the_directing_side_alone_has_written() -> None:
    """And nothing leads back there, so that nobody's words are passed over."""
    leading = [row for row in REFERRAL_TRANSITIONS if row.target in UNTOUCHED_STATES]
    assert [row.event for row in leading] == [ReferralEvent.SUBMIT]
    assert leading[0].sources == {ReferralState.DRAFT}
    assert leading[0].parties == {Party.DIRECTING_CLINICIAN}


def test_from_every_active_state_somebody_can_end_the_referral() -> None:
    for state in ACTIVE_STATES:
        targets = {row.target for row in REFERRAL_TRANSITIONS if state in row.sources}
        assert targets & OVER_STATES, state


def test_what_is_over_stays_over_but_for_an_appeal_and_an_error() -> None:
    for row in REFERRAL_TRANSITIONS:
        for state in row.sources & OVER_STATES:
            assert (state, row.event) == (ReferralState.REFUSED, ReferralEvent.REOPEN) or (
                row.event == ReferralEvent.ENTER_IN_ERROR
            )


def test_who_does_what_is_as_the_domain_says() -> None:
    def may(table: dict[object, Transition], *parties: Party) -> set[str]:
        return {str(row.event) for row in table.values() if row.parties == frozenset(parties)}

    clinician, desk, system = Party.DIRECTING_CLINICIAN, Party.HOST_DESK, Party.SYSTEM
    officer, coordinator = Party.DIRECTING_OFFICER, Party.DIRECTING_COORDINATOR
    referral: dict[object, Transition] = dict(REFERRAL_TABLE)
    assert may(referral, clinician) == {
        "discard",
        "submit",
        "answer",
        "add_evidence",
        "complete_facts",
        "record_consilium",
        "raise_urgency",
        "change_host",
        "close",
        "withdraw",
        "enter_in_error",
    }
    assert may(referral, desk) == {"accept", "decline", "schedule", "reschedule", "admit", "discharge"}
    # A body of the chain that has the case decides and asks as the directing ministry does.
    body = Party.BODY
    assert may(referral, officer, coordinator, body) == {"request_information"}
    assert may(referral, officer, coordinator, body, system) == {"send"}
    assert may(referral, officer, coordinator) == {
        "accept_by_telephone",
        "decline_by_telephone",
        "re_route",
        "cancel",
    }
    assert may(referral, officer) == {"reopen"}
    assert may(referral, officer, body) == {"refuse"}
    assert may(referral, system) == {
        "send_at_once",
        "begin_screening",
        "finish_screening",
        "take_consent",
    }
    # The system alone for the other referrals of a patient whose death somebody recorded.
    assert may(referral, clinician, desk, system) == {"record_death"}
    authorisation: dict[object, Transition] = dict(AUTHORISATION_TABLE)
    assert may(authorisation, officer, body) == {
        "grant",
        "partly_grant",
        "refuse",
        "sign_first",
        "sign_second",
    }
    assert may(authorisation, officer, body, system) == {"approve_stage"}
    assert may(authorisation, officer) == {
        "extend",
        "revoke",
        "uphold",
        "overturn",
        "review_emergency",
    }
    assert may(authorisation, system) == {"open_review", "waive", "expire", "silence_grants"}
    assert may(authorisation, clinician) == {"restart_clock", "appeal"}


def test_no_decision_belongs_to_the_system() -> None:
    """The machine never refuses a patient."""
    decisions = {"grant", "partly_grant", "refuse", "uphold", "overturn", "revoke", "extend"}
    for row in (*REFERRAL_TRANSITIONS, *AUTHORISATION_TRANSITIONS):
        if row.event.value in decisions or row.target in {ReferralState.REFUSED, ReferralState.CANCELLED}:
            assert Party.SYSTEM not in row.parties


def test_the_tables_say_what_a_party_may_do_now() -> None:
    def events_from(machine: road.Machine[Any, Any], state: str, *parties: Party) -> list[str]:
        may = {event: road.hindrance(machine, event, state=state, parties=parties) for event in machine.table}
        return [event.value for event, hindrance in may.items() if hindrance is None]

    assert events_from(REFERRAL, "sent", Party.HOST_DESK) == ["accept", "decline", "record_death"]
    assert events_from(REFERRAL, "draft", Party.HOST_DESK) == []
    assert events_from(REFERRAL, "sent") == []
    assert events_from(AUTHORISATION, "refused", Party.DIRECTING_CLINICIAN) == ["appeal"]
