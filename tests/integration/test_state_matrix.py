"""The full matrix of both machines: state × event × everybody, on the real database, against the tables.

The one road is asked for every state, event and person. The actions that take it are then run for real: each in every
situation by one of each party and one who mustn't know; and each, where it is legal, by everybody. What is expected is
worked out from `referrals.events` and the people's parties alone. What pages and API offer, and what the guards say,
must agree with what the action does then. A denial leaves no trace.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import transaction

from core import road as core_road
from core.actors import SYSTEM, Actor
from core.errors import Denied, IllegalTransition, NotKnown, PortalError
from referrals import access, actions, machines
from referrals.actions import road
from referrals.events import AUTHORISATION_TABLE, REFERRAL_TABLE
from referrals.models import Referral
from referrals.states import AuthorisationEvent, AuthorisationState, Party, ReferralEvent, ReferralState
from tests.clock import days_ago
from tests.factories.facilities import World
from tests.factories.parties import PEOPLE, people, sees
from tests.factories.situations import SITUATIONS, STEPS
from tests.integration.matrix import Before, expected, states_of, traces_of, wrong_tries

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
_STANDS_OPEN = {"granted", "partly_granted", "extended"}


#: Somebody for each party; the first officer is the one who decided. And one who mustn't know.
_ONE_OF_EACH = ("clinician_kz", "host_desk_kg", "officer_kz", "officer2_kz", "coordinator_kz", "outsider")


def _in_parts(names: Iterable[str]) -> Any:
    """A test for every few of the names: making the world for each alone would cost more than the tests."""
    every = list(names)
    parts = [every[start : start + 6] for start in range(0, len(every), 6)]
    return pytest.mark.parametrize("part", parts, ids=lambda part: f"{part[0]}-to-{part[-1]}")


@_in_parts(SITUATIONS)
def test_every_step_in_every_situation(part: list[str], world: World) -> None:
    actors = people(world)
    for situation in part:
        with transaction.atomic():
            before = Before(SITUATIONS[situation](world), actors)
            wrong = []
            for step in STEPS.values():
                wrong += wrong_tries(situation, step, _ONE_OF_EACH, world, before)
            assert not wrong, situation
            _try_the_systems_steps(before)
            assert traces_of(before.referral) == before.traces, f"{situation}: a denial left something behind"
            transaction.set_rollback(True)


#: Where each step is legal.
LEGAL = {
    "discard": "draft",
    "submit": "draft",
    "add_evidence": "in_care",
    "complete_facts": "asked",
    "record_consilium": "scheduled",
    "raise_urgency": "scheduled",
    "change_host": "asked",
    "request_information": "overturned",
    "answer": "asked",
    "grant": "in_review",
    "partly_grant": "overturned",
    "refuse": "overturned",
    "sign_second": "signed",
    "extend": "scheduled",
    "revoke": "accepted",
    "appeal": "refused",
    "uphold": "appealed",
    "overturn": "appealed",
    "review_emergency": "stat_in_care",
    "accept": "stat_sent",
    "decline": "sent_in_part",
    "accept_by_telephone": "stat_sent",
    "decline_by_telephone": "sent_in_part",
    "re_route": "declined",
    "schedule": "accepted",
    "reschedule": "scheduled",
    "admit": "accepted",
    "discharge": "in_care",
    "close": "discharged",
    "withdraw": "asked",
    "cancel": "submitted",
    "record_death": "in_care",
    "enter_in_error": "closed",
}


@_in_parts(STEPS)
def test_every_step_by_everybody(part: list[str], world: World) -> None:
    actors = people(world)
    for step in part:
        with transaction.atomic():
            before = Before(SITUATIONS[LEGAL[step]](world), actors)
            assert any(expected(STEPS[step], name, LEGAL[step], before) is None for name in PEOPLE)
            assert not wrong_tries(LEGAL[step], STEPS[step], PEOPLE, world, before)
            assert traces_of(before.referral) == before.traces, f"{step}: a denial left something behind"
            transaction.set_rollback(True)


def _try_the_systems_steps(before: Before) -> None:
    """The check and the expiry: the system alone, where they apply; nothing anywhere else."""
    referral, (state, authorisation) = before.referral, before.states
    for name in ("system", "clinician_kz", "officer_kz", "outsider"):
        seen = sees(
            PEOPLE[name], state, filed=referral.submitted_at is not None, sent=referral.sent_at is not None
        )
        for step in ("begin_screening", "finish_screening", "expire", "silence_grants"):
            wanted = _systems_outcome(step, state, authorisation, seen, name == "system")
            with transaction.atomic():
                try:
                    with transaction.atomic():
                        outcome: Any = bool(getattr(actions, step)(referral.pk, by=before.actors[name]))
                except PortalError as error:
                    outcome = type(error)
                assert outcome == wanted, (step, name, state)
                transaction.set_rollback(True)


def _systems_outcome(step: str, state: str, authorisation: str, seen: bool, system: bool) -> Any:
    if not seen:
        return NotKnown
    if step == "begin_screening":
        return (state == "screening") if state != "submitted" else (True if system else Denied)
    if step == "finish_screening":
        return False if state != "screening" else (True if system else Denied)
    if not system:
        return Denied
    if step == "silence_grants":  # under this agreement silence grants nothing
        waits = state == "in_review" and authorisation in {"in_review", "overturned"}
        return False if waits else IllegalTransition
    return False if authorisation in _STANDS_OPEN else IllegalTransition  # nothing here is past its last day


def test_the_road_itself_knows_no_way_but_the_tables(world: World) -> None:
    """`core.road`, asked for both machines: every state × every event × every party."""
    actors = people(world)
    seen: tuple[set[str], set[str]] = (set(), set())
    for situation, make in SITUATIONS.items():
        with transaction.atomic():
            made = make(world)
            referral = road.lock(made.pk, by=SYSTEM)
            state, authorisation = states_of(referral)
            seen[0].add(state)
            seen[1].add(authorisation)
            for name, who in PEOPLE.items():
                parties = who.parties if who.sees != "host" or referral.sent_at else frozenset[Party]()
                for event in (*ReferralEvent, *AuthorisationEvent):
                    of_referral = isinstance(event, ReferralEvent)
                    row = (REFERRAL_TABLE if of_referral else AUTHORISATION_TABLE)[event]
                    want = None if row.parties & parties else Denied
                    if want is None and (state if of_referral else authorisation) not in row.sources:
                        want = IllegalTransition
                    assert _error(referral, event, actors[name]) is want, (situation, name, event)
            transaction.set_rollback(True)
    assert seen[0] == {state.value for state in ReferralState}
    assert seen[1] - {""} == {state.value for state in AuthorisationState}


def _error(referral: Referral, event: Any, by: Actor) -> type[PortalError] | None:
    """What the road raises at the move; what it would, where there is no authorisation yet to be moved."""
    if isinstance(event, AuthorisationEvent) and machines.authorisation_of(referral) is None:
        hindrance = machines.hindrance(referral, event, access.parties(by, referral))
        return type(hindrance.error()) if hindrance else None
    machine, row = (
        (machines.REFERRAL, referral)
        if isinstance(event, ReferralEvent)
        else (machines.AUTHORISATION, referral.authorisation)
    )
    try:
        core_road.check(machine, row, event, by=by)
    except PortalError as error:
        return type(error)
    return None


def test_nobody_decides_what_they_filed(world: World) -> None:
    """An officer who is a clinician too: the second role doesn't open the way to one's own referral."""
    from facilities.models import Membership

    officer = world.users["officer_kz"]
    Membership.objects.create(
        user=world.users["clinician_kz"], organisation=world.ministries["KZ"], role="officer"
    )
    from facilities.memberships import actor_for_user

    both = actor_for_user(world.users["clinician_kz"], world.ministries["KZ"].pk)
    assert both is not None
    referral = SITUATIONS["in_review"](world)
    with pytest.raises(Denied) as denied:
        STEPS["grant"].take(world, referral.pk, both)
    assert denied.value.code == "own_referral"
    other = actor_for_user(officer)
    assert other is not None
    assert STEPS["grant"].take(world, referral.pk, other).state == "sent"


def test_a_lapsed_authorisation_expires_once(world: World) -> None:
    with days_ago(100):
        referral = SITUATIONS["sent"](world)
    with pytest.raises(Denied):
        actions.expire(referral.pk, by=people(world)["officer_kz"])
    assert actions.expire(referral.pk, by=SYSTEM) is True
    with pytest.raises(IllegalTransition):
        actions.expire(referral.pk, by=SYSTEM)
