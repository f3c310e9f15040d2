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
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, NotKnown, PortalError
from core.outbox.models import Event
from referrals import access, actions, guards, machines
from referrals.actions import road
from referrals.events import AUTHORISATION_TABLE, BY_NAME, REFERRAL_TABLE
from referrals.models import Authorisation, Referral, StatusChange
from referrals.presentation.actions import offered
from referrals.serializers.case import allowed_steps
from referrals.states import AuthorisationEvent, AuthorisationState, Party, ReferralEvent, ReferralState
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
        self.whole = Referral.objects.select_related("authorisation").get(pk=referral.pk)
        self._offered: dict[str, tuple[list[str], list[str]]] = {}

    def offered(self, name: str) -> tuple[list[str], list[str]]:
        """What the pages and what the API offer to somebody."""
        if name not in self._offered:
            actor = self.actors[name]
            self._offered[name] = offered(actor, self.whole), allowed_steps(actor, self.whole)
        return self._offered[name]


#: What somebody gets: nothing but success, or the type and the code of an error.
Outcome = tuple[type[PortalError], str] | None
_DENIED: Outcome = (Denied, "denied")
_NOT_IN_FORCE: Outcome = (IllegalTransition, "not_in_force")


def expected(step: Step, name: str, situation: str, before: Before) -> Outcome:
    """The error that the tables and the facts of the situation ask for; None where the step is allowed."""
    who, referral, (state, authorisation) = PEOPLE[name], before.referral, before.states
    if not sees(who, state, filed=referral.submitted_at is not None, sent=referral.sent_at is not None):
        return NotKnown, "not_found"
    rows = [REFERRAL_TABLE[event] for event in step.referral]
    rows += [AUTHORISATION_TABLE[event] for event in step.authorisation]
    if not all(row.parties & who.parties for row in rows):
        return _DENIED
    legal = all(state in REFERRAL_TABLE[event].sources for event in step.referral) and all(
        authorisation in AUTHORISATION_TABLE[event].sources for event in step.authorisation
    )
    if not legal:
        return IllegalTransition, "illegal_transition"
    return _by_fact(step, name, situation, authorisation)


def _by_fact(step: Step, name: str, situation: str, authorisation: str) -> Outcome:
    if step.name in {"uphold", "overturn"} and name == "officer_kz":
        return Denied, "own_decision"  # this officer refused, so another one decides the appeal
    if step.name in {"accept", "schedule", "reschedule", "admit", "re_route"} and authorisation == "expired":
        return _NOT_IN_FORCE
    if step.name == "review_emergency" and situation == "stat_reviewed":
        return IllegalTransition, "reviewed"
    return None


def _attempt(step: Step, world: World, referral: Referral, by: Actor) -> tuple[Outcome, Any]:
    """Take the step in a savepoint that is undone; the error, and what was there in between on success."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                step.take(world, referral.pk, by)
        except PortalError as error:
            return (type(error), error.code), None
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


def _offers(step: str, name: str, before: Before) -> set[bool]:
    """Whether the pages and the API offer the step to somebody, as far as they have it."""
    record, (pages, api) = BY_NAME[step], before.offered(name)
    assert record.api or step not in api
    offers = {step in pages} if record.page else set()
    offers |= {"decide" in pages} if step in {"grant", "partly_grant", "refuse"} else set()
    return offers | ({step in api} if record.api else set())


def _wrong(situation: str, step: Step, names: Iterable[str], world: World, before: Before) -> list[Any]:
    """What didn't go as expected when these people tried the step, or isn't what pages and API say beforehand."""
    wrong: list[Any] = []
    for name in names:
        want = expected(step, name, situation, before)
        offers = _offers(step.name, name, before)
        if offers != {want is None}:
            wrong.append((step.name, name, f"offered: {offers}, to be had: {want is None}"))
        hindrance = guards.why_not(before.actors[name], before.whole, step.name)
        against, said = hindrance.code if hindrance else "", want[1] if want else ""
        if against != said and said != "not_found":
            wrong.append((step.name, name, f"the guards say {against!r}, expected {said!r}"))
        got, result = _attempt(step, world, before.referral, before.actors[name])
        if got != want:
            wrong.append((step.name, name, f"expected {want}, got {got}"))
        elif got is None:
            _check_success(step, before, result)
    return wrong


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
                wrong += _wrong(situation, step, _ONE_OF_EACH, world, before)
            assert not wrong, situation
            _try_the_systems_steps(before)
            assert _traces(before.referral) == before.traces, f"{situation}: a denial left something behind"
            transaction.set_rollback(True)


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
    """`core.road`, asked for both machines: every state × every event × every party."""
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
