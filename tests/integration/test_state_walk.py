"""Hypothesis walks both state machines on the real database, with the clock, the worker and people who may not.

The model is the tables of `referrals.events`; after each step the database must agree with it.
"""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from core.permissions import Role
from referrals.states import AuthorisationEvent, ReferralEvent, ReferralState
from tests.clock import WEDNESDAY, set_to
from tests.factories.facilities import World, make_member
from tests.factories.parties import people
from tests.factories.situations import STEPS, second_host
from tests.integration.walk import SECOND_DESK, Walk, taken, visited

pytestmark = pytest.mark.in_turn


@pytest.mark.django_db
@pytest.mark.in_turn
def test_hypothesis_walks_both_machines(world: World, settings: Any, tmp_path: Any) -> None:
    settings.SMS_DIR = tmp_path
    with set_to(WEDNESDAY, still=True) as clock:
        Walk.world, Walk.actors, Walk.clock = world, people(world), clock
        Walk.second = second_host(world)
        world.users[SECOND_DESK] = make_member(SECOND_DESK, Walk.second.organisation, Role.HOST_DESK)
        Walk.actors[SECOND_DESK] = world.actor(SECOND_DESK)
        run_state_machine_as_test(Walk, settings=_walks())  # type: ignore[no-untyped-call]
    assert not connection.needs_rollback
    # A walk that never got anywhere would prove nothing.
    assert {state for state, _authorisation in visited} >= {
        "sent",
        "refused",
        "declined",
        "in_care",
        "closed",
    }
    assert len(taken) >= 12, sorted(STEPS.keys() - taken)


def _walks() -> settings:
    return settings(
        max_examples=30,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # shrinking walks on a database takes minutes
        suppress_health_check=list(HealthCheck),
    )


def test_the_walk_knows_every_event() -> None:
    """What no step of the walk causes is caused by the worker, the beat or with another event."""
    caused = {event for step in STEPS.values() for event in (*step.referral, *step.authorisation)}
    assert (set(ReferralEvent) | set(AuthorisationEvent)) - caused == {
        ReferralEvent.SEND_AT_ONCE,
        ReferralEvent.BEGIN_SCREENING,
        ReferralEvent.FINISH_SCREENING,
        ReferralEvent.TAKE_CONSENT,
        AuthorisationEvent.OPEN_REVIEW,
        AuthorisationEvent.WAIVE,
        AuthorisationEvent.APPROVE_STAGE,
        AuthorisationEvent.SIGN_FIRST,
        AuthorisationEvent.SILENCE_GRANTS,
        AuthorisationEvent.EXPIRE,
    }
    assert len(ReferralState) == 17
