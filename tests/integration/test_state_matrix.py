"""The full matrix of both machines: state × event × everybody, on the real database, against the tables.

The one road is asked for every state, event and person. The actions that take it are then run for real: each in every
situation by one who may, one who may not and one who mustn't know; and each, where it is legal, by everybody. What is
expected is worked out from `referrals.states` and the people's parties alone. A denial leaves no trace.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import transaction

from portal.core.actors import SYSTEM, Actor
from portal.core.audit.models import AuditRow
from portal.core.errors import Denied, IllegalTransition, Invalid, NotKnown, PortalError
from portal.core.outbox.models import Event
from referrals import actions
from referrals.actions import road
from referrals.models import Authorisation, Referral, StatusChange
from referrals.states import (
    AUTHORISATION_TABLE,
    REFERRAL_TABLE,
    AuthorisationEvent,
    AuthorisationState,
    Party,
    ReferralEvent,
    ReferralState,
)
from tests.clock import days_ago
from tests.factories.facilities import World
from tests.factories.situations import PEOPLE, SITUATIONS, STEPS, Step, people, sees

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
_STANDS_OPEN = {"granted", "partly_granted", "extended"}


def _states(referral: Referral) -> tuple[str, str]:
    authorisation = Authorisation.objects.filter(referral=referral).first()
    return referral.state, authorisation.state if authorisation else ""


def _traces(referral: Referral) -> tuple[Any, ...]:
    """All that an action may leave behind on a referral."""
    row = Referral.objects.filter(pk=referral.pk).values().get()
    authorisation = Authorisation.objects.filter(referral=referral).values().first()
    key = str(referral.pk)
    return (
        row,
        authorisation,
        StatusChange.objects.filter(referral=referral).count(),
        AuditRow.objects.filter(subject_id=key).count(),
        Event.objects.filter(subject_id=key).count(),
        referral.appointments.count(),
        referral.information_requests.count(),
        referral.evidence.count(),
    )


class Before:
    """A referral, its states and traces before anybody tried anything, and the actors who will."""

    def __init__(self, referral: Referral, actors: dict[str, Actor]) -> None:
        self.referral, self.actors = referral, actors
        self.states, self.traces = _states(referral), _traces(referral)


def expected(step: Step, name: str, situation: str, before: Before) -> type[PortalError] | None:
    """The error that the tables and the facts of the situation ask for; None where the step is allowed."""
    who, referral, (state, authorisation) = PEOPLE[name], before.referral, before.states
    if not sees(who, state, filed=referral.submitted_at is not None, sent=referral.sent_at is not None):
        return NotKnown
    rows = [REFERRAL_TABLE[event] for event in step.referral]
    rows += [AUTHORISATION_TABLE[event] for event in step.authorisation]
    if not all(row.parties & who.parties for row in rows):
        return Denied
    legal = all(state in REFERRAL_TABLE[event].sources for event in step.referral) and all(
        authorisation in AUTHORISATION_TABLE[event].sources for event in step.authorisation
    )
    if not legal:
        return IllegalTransition
    return _by_fact(step, name, situation, authorisation)


def _by_fact(step: Step, name: str, situation: str, authorisation: str) -> type[PortalError] | None:
    if step.name in {"uphold", "overturn"} and name == "officer_kz":
        return Denied  # this officer refused, so another one decides the appeal
    if step.name == "re_route" and authorisation == "expired":
        return IllegalTransition
    if step.name == "admit" and authorisation == "expired":
        return Invalid
    if step.name in {"accept", "schedule"} and authorisation == "expired":
        return Invalid  # no date is left inside the authorised window
    if step.name == "review_emergency" and situation == "stat_reviewed":
        return Invalid
    return None


def _attempt(step: Step, world: World, referral: Referral, by: Actor) -> tuple[type[PortalError] | None, Any]:
    """Take the step in a savepoint that is undone; the error's type, and what was there in between on success."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                step.take(world, referral.pk, by)
        except PortalError as error:
            return type(error), None
        after = Referral.objects.get(pk=referral.pk)
        changes = list(
            StatusChange.objects.filter(referral=referral).values_list(
                "machine", "event", "from_state", "to_state"
            )
        )
        audit = set(AuditRow.objects.filter(subject_id=str(referral.pk)).values_list("action", flat=True))
        published = set(Event.objects.filter(subject_id=str(referral.pk)).values_list("kind", flat=True))
        result = (after.version, _states(after), changes, audit, published)
        transaction.set_rollback(True)
        return None, result


def _wrong(situation: str, step: Step, names: Iterable[str], world: World, before: Before) -> list[Any]:
    """What didn't go as expected when these people tried the step."""
    wrong = []
    for name in names:
        want = expected(step, name, situation, before)
        got, result = _attempt(step, world, before.referral, before.actors[name])
        if got is not want:
            wrong.append((step.name, name, f"expected {want}, got {got}"))
        elif got is None:
            _check_success(step, before, result)
    return wrong


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
                wrong += _wrong(
                    situation, step, [_one_of(step), _other_than(step), "outsider"], world, before
                )
            assert not wrong, situation
            _try_the_systems_steps(before)
            assert _traces(before.referral) == before.traces, f"{situation}: a denial left something behind"
            transaction.set_rollback(True)


def _one_of(step: Step) -> str:
    """Somebody who may take the step; for an appeal not the officer who refused."""
    events = [REFERRAL_TABLE[event] for event in step.referral]
    events += [AUTHORISATION_TABLE[event] for event in step.authorisation]
    names = ("clinician_kz", "host_desk_kg", "officer2_kz")
    return next(name for name in names if all(row.parties & PEOPLE[name].parties for row in events))


def _other_than(step: Step) -> str:
    """Somebody who takes part in the referral and may not take the step."""
    return {"clinician_kz": "coordinator_kz", "host_desk_kg": "clinician_kz"}.get(
        _one_of(step), "host_desk_kg"
    )


#: Where each step is legal.
LEGAL = {
    "submit": "draft",
    "request_information": "overturned",
    "answer": "asked",
    "grant": "in_review",
    "partly_grant": "overturned",
    "refuse": "overturned",
    "extend": "scheduled",
    "revoke": "accepted",
    "appeal": "refused",
    "uphold": "appealed",
    "overturn": "appealed",
    "review_emergency": "stat_in_care",
    "accept": "stat_sent",
    "decline": "sent_in_part",
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
            assert not _wrong(LEGAL[step], STEPS[step], PEOPLE, world, before)
            assert _traces(before.referral) == before.traces, f"{step}: a denial left something behind"
            transaction.set_rollback(True)


def _check_success(step: Step, before: Before, result: Any) -> None:
    """The states are the tables', each event has one history row, one audit row and one published event."""
    new_version, after, changes, audit, published = result
    events = [("authorisation", event.value) for event in step.authorisation]
    events += [("referral", event.value) for event in step.referral]
    new = changes[before.traces[2] :]
    assert [(row[0], row[1]) for row in new] == events
    assert new_version == before.referral.version + len(new)
    for machine, event in events:
        assert f"{machine}.{event}" in audit
        assert f"{machine}.{event}" in published
    state = REFERRAL_TABLE[step.referral[-1]].target.value if step.referral else before.states[0]
    authorisation = (
        AUTHORISATION_TABLE[step.authorisation[-1]].target.value if step.authorisation else before.states[1]
    )
    if step.name == "submit":
        authorisation = "pending"
    assert after == (state, authorisation)


def _try_the_systems_steps(before: Before) -> None:
    """The check and the expiry: the system alone, where they apply; nothing anywhere else."""
    referral, (state, authorisation) = before.referral, before.states
    for name in ("system", "clinician_kz", "officer_kz", "outsider"):
        seen = sees(
            PEOPLE[name], state, filed=referral.submitted_at is not None, sent=referral.sent_at is not None
        )
        for step in ("begin_screening", "finish_screening", "expire"):
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
    return False if authorisation in _STANDS_OPEN else IllegalTransition  # nothing here is past its last day


def test_the_road_itself_knows_no_way_but_the_tables(world: World) -> None:
    """`road.check` and `road.check_authorisation`: every state × every event × every party."""
    actors = people(world)
    seen: tuple[set[str], set[str]] = (set(), set())
    for situation, make in SITUATIONS.items():
        with transaction.atomic():
            made = make(world)
            referral = road.lock(made.pk, by=SYSTEM)
            state, authorisation = _states(referral)
            seen[0].add(state)
            seen[1].add(authorisation)
            for name, who in PEOPLE.items():
                parties = who.parties if who.sees != "host" or referral.sent_at else frozenset[Party]()
                for event in ReferralEvent:
                    row = REFERRAL_TABLE[event]
                    want = None if row.parties & parties else Denied
                    if want is None and state not in row.sources:
                        want = IllegalTransition
                    assert _error(road.check, referral, event, actors[name]) is want, (situation, name, event)
                for deed in AuthorisationEvent:
                    row = AUTHORISATION_TABLE[deed]
                    want = None if row.parties & parties else Denied
                    if want is None and authorisation not in row.sources:
                        want = IllegalTransition
                    got = _error(road.check_authorisation, referral, deed, actors[name])
                    assert got is want, (situation, name, deed)
            transaction.set_rollback(True)
    assert seen[0] == {state.value for state in ReferralState}
    assert seen[1] - {""} == {state.value for state in AuthorisationState}


def _error(check: Any, referral: Referral, event: Any, by: Actor) -> type[PortalError] | None:
    try:
        check(referral, event, by=by)
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
