"""One referral's life for Hypothesis to walk: the rules, and what must hold after each."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from core.actors import SYSTEM
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, PortalError
from core.outbox import work
from core.outbox.models import Event, Job, Message
from facilities.models import Facility
from referrals import actions
from referrals.events import AUTHORISATION_TABLE, REFERRAL_TABLE
from referrals.events.noticed import NOTICED
from referrals.models import Authorisation, Referral, StatusChange
from referrals.states import OVER_STATES
from tests.clock import ALMATY, Clock
from tests.factories.facilities import World
from tests.factories.parties import PEOPLE, Who, sees
from tests.factories.situations import SITUATIONS, STEPS

#: Reasons for which a step that the tables allow may still be refused: facts, each with its own tests.
_BY_FACT = {
    "accept": "the date must lie inside the authorised window",
    "accept_by_telephone": "the date must lie inside the authorised window",
    "schedule": "the date must lie inside the authorised window",
    "reschedule": "the date must lie inside the authorised window",
    "admit": "the authorisation must be in force",
    "re_route": "not the hospital that has declined; the authorisation must be in force",
    "extend": "later than the present last day, while the care isn’t over",
    "appeal": "inside the time limit",
    "uphold": "by another officer",
    "overturn": "by another officer",
    "review_emergency": "once",
    "raise_urgency": "only upwards",
    "sign_second": "what another person signed",
    "record_death": "by a hospital only of a patient in its care",
    "complete_facts": "something else than is stated already",
    "change_host": "not to the hospital that is named already",
}
#: Steps that end the walk early, so they're taken only after a while.
_ENDINGS = {"withdraw", "cancel", "record_death", "enter_in_error", "revoke", "discard"}
_A_WHILE = 12
BEGINNINGS = (
    "draft",
    "stat_sent",
    "in_review",
    "asked",
    "refused",
    "sent",
    "declined",
    "accepted",
    "in_care",
)
#: A walk begins at any moment, whenever it is taken.
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(ALMATY))
#: Works at the hospital to which a declined referral is sent.
SECOND_DESK = "second_desk"
visited: set[tuple[str, str]] = set()
taken: set[str] = set()


class Walk(RuleBasedStateMachine):
    """One referral's life; each example is a savepoint that is undone."""

    world: World
    second: Facility
    actors: dict[str, Any]
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(situation=st.sampled_from(BEGINNINGS), moment=MOMENTS)
    def begin(self, situation: str, moment: datetime) -> None:
        self.clock.set(moment)
        referral = SITUATIONS[situation](self.world)
        authorisation = Authorisation.objects.filter(referral=referral).first()
        self.pk, self.state = referral.pk, referral.state
        self.authorisation = authorisation.state if authorisation else ""
        self.seen_versions, self.taken = [referral.version], 0

    @property
    def row(self) -> Referral:
        return Referral.objects.get(pk=self.pk)

    # --- The steps --------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(sorted(STEPS)), who=st.sampled_from([*sorted(PEOPLE), SECOND_DESK]))
    def anybody_tries_anything(self, name: str, who: str) -> None:
        if name not in _ENDINGS or self.taken > _A_WHILE or self._expected(name, who, self.row) is not None:
            self._try(name, who)

    @rule(seed=st.integers(0, 2**32 - 1))
    def somebody_does_what_they_may(self, seed: int) -> None:
        choice = random.Random(f"{seed} {self.taken}")
        for _step in range(3):
            if self.state in {"submitted", "screening"} and choice.random() < 0.7:
                self.the_worker_works()
            if legal := self._legal():
                self._try(*choice.choice(legal))

    @rule()
    def the_worker_works(self) -> None:
        work.drain()
        if self.state in {"submitted", "screening"}:
            self.state = "in_review"
            if self.authorisation == "pending":
                self.authorisation = "in_review"

    @rule(hours=st.sampled_from([1, 2, 5, 30, 24 * 9, 24 * 70]))
    def time_passes(self, hours: int) -> None:
        self.clock.go_on(timedelta(hours=hours))

    @rule()
    def the_beat_expires_what_has_lapsed(self) -> None:
        authorisation = Authorisation.objects.filter(referral_id=self.pk).first()
        try:
            expired = actions.expire(self.pk, by=SYSTEM)
        except IllegalTransition:
            expired = False
        waiting = self.state in {"sent", "accepted", "declined", "scheduled"}
        lapsed = (
            authorisation is not None
            and authorisation.state in {"granted", "partly_granted", "extended"}
            and authorisation.valid_until is not None
            and authorisation.valid_until < timezone.localdate()
        )
        assert expired == (waiting and lapsed)
        if expired:
            self.authorisation = "expired"

    def _legal(self) -> list[tuple[str, str]]:
        row = self.row
        names = [name for name in STEPS if name not in _ENDINGS or self.taken > _A_WHILE]
        return [
            (name, who)
            for name in names
            for who in ("clinician_kz", "officer_kz", "officer2_kz", "host_desk_kg", SECOND_DESK)
            if self._expected(name, who, row) is None
        ]

    def _person(self, who: str, row: Referral) -> Who:
        """What somebody is now: a host that declined is a stranger once the referral is sent elsewhere."""
        if who != SECOND_DESK and PEOPLE[who].sees != "host":
            return PEOPLE[who]
        here = "host_desk_kg" if who == SECOND_DESK else who
        own = self.second if who == SECOND_DESK else self.world.bishkek
        return PEOPLE[here] if row.host_facility_id == own.pk else Who("nobody")

    def _expected(self, name: str, who: str, row: Referral) -> type[PortalError] | None:
        step, person = STEPS[name], self._person(who, row)
        if not sees(person, self.state, filed=row.submitted_at is not None, sent=row.sent_at is not None):
            return NotKnown
        rows = [REFERRAL_TABLE[event] for event in step.referral]
        rows += [AUTHORISATION_TABLE[event] for event in step.authorisation]
        if not all(found.parties & person.parties for found in rows):
            return Denied
        in_place = all(self.state in REFERRAL_TABLE[event].sources for event in step.referral)
        in_place &= all(
            self.authorisation in AUTHORISATION_TABLE[event].sources for event in step.authorisation
        )
        return None if in_place else IllegalTransition

    def _try(self, name: str, who: str) -> None:
        expected = self._expected(name, who, self.row)
        got: type[PortalError] | None = None
        try:
            STEPS[name].take(self.world, self.pk, self.actors[who])
        except PortalError as error:
            got = type(error)
        if expected is None and got is not None:
            assert name in _BY_FACT, f"{who} could not {name} in {self.state}/{self.authorisation}: {got}"
            assert got in {Invalid, Denied, IllegalTransition}
            return
        assert got is expected, f"{who} to {name} in {self.state}/{self.authorisation}"
        if got is None:
            self.taken += 1
            taken.add(name)
            self._move(name)
            visited.add((self.state, self.authorisation))

    def _move(self, name: str) -> None:
        for event in STEPS[name].authorisation:
            target = AUTHORISATION_TABLE[event].target
            self.authorisation = target.value if target else self.authorisation
        for event in STEPS[name].referral:
            target = REFERRAL_TABLE[event].target
            self.state = target.value if target else self.state
        if name == "submit":
            self.authorisation = "pending"
            if self.row.is_emergency:
                self.state, self.authorisation = "sent", "not_required"

    # --- What always holds ------------------------------------------------------------------------------------------

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        if not hasattr(self, "pk"):
            return
        row = self.row
        authorisation = Authorisation.objects.filter(referral_id=self.pk).first()
        assert (row.state, authorisation.state if authorisation else "") == (self.state, self.authorisation)
        assert (row.over_at is not None) == (row.state in OVER_STATES)
        assert row.version >= self.seen_versions[-1]
        self.seen_versions.append(row.version)

    @invariant()
    def the_history_is_a_chain(self) -> None:
        if not hasattr(self, "pk"):
            return
        changes = list(StatusChange.objects.filter(referral_id=self.pk).order_by("id"))
        tables: dict[str, Any] = {"referral": REFERRAL_TABLE, "authorisation": AUTHORISATION_TABLE}
        last = {"referral": "draft", "authorisation": None}
        for change in changes:
            assert last[change.machine] in {change.from_state, None}
            row = tables[change.machine][change.event]
            assert change.from_state in row.sources
            assert change.to_state == (row.target or change.from_state)
            last[change.machine] = change.to_state
        assert last["referral"] == self.state
        kinds = [f"{change.machine}.{change.event}" for change in changes]
        key = str(self.pk)
        events = Event.objects.filter(subject_id=key).exclude(kind__in=NOTICED).order_by("id")
        assert list(events.values_list("kind", flat=True)) == kinds
        audit = AuditRow.objects.filter(subject_id=key).exclude(action__contains="draft").order_by("id")
        assert list(audit.values_list("action", flat=True)) == kinds

    @invariant()
    def nobody_is_told_twice(self) -> None:
        if not hasattr(self, "pk"):
            return
        told = list(
            Message.objects.filter(event__subject_id=str(self.pk)).values_list(
                "event", "recipient", "channel"
            )
        )
        assert len(told) == len(set(told))
        assert not Job.objects.filter(event__subject_id=str(self.pk), last_error__gt="").exists()
