"""What the tables ask for, and what an attempt of a step comes to."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.actors import Actor
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, NotKnown, PortalError
from core.outbox.models import Event
from referrals import guards
from referrals.events import AUTHORISATION_TABLE, BY_NAME, REFERRAL_TABLE
from referrals.models import Authorisation, Referral, StatusChange
from referrals.presentation.actions import offered
from referrals.serializers.case import allowed_steps
from referrals.states import Party
from tests.factories.facilities import World
from tests.factories.parties import PEOPLE, sees
from tests.factories.situations import Step


def states_of(referral: Referral) -> tuple[str, str]:
    authorisation = Authorisation.objects.filter(referral=referral).first()
    return referral.state, authorisation.state if authorisation else ""


def traces_of(referral: Referral) -> tuple[Any, ...]:
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
        self.states, self.traces = states_of(referral), traces_of(referral)
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
    if step.name == "re_route" and state == "sent" and authorisation != "expired":
        return IllegalTransition, "host_has_time"
    if step.name == "record_death" and who.parties == {Party.HOST_DESK} and state != "in_care":
        return IllegalTransition, "not_in_care"
    if step.name == "extend" and state == "deceased":
        return IllegalTransition, "patient_died"
    if step.name == "extend" and state in {
        "discharged",
        "closed",
        "withdrawn",
        "cancelled",
        "entered_in_error",
    }:
        return IllegalTransition, "care_over"
    return _by_fact(step, name, situation, authorisation)


def _by_fact(step: Step, name: str, situation: str, authorisation: str) -> Outcome:
    if step.name == "sign_second" and situation != "signed":
        return IllegalTransition, "nothing_signed"
    if step.name in {"sign_second", "refuse"} and situation == "signed" and name == "officer_kz":
        return Denied, "signed_first"
    if situation == "signed" and step.name in {"grant", "partly_grant"}:
        return IllegalTransition, "waits_for_second"
    if step.name in {"uphold", "overturn"} and name == "officer_kz":
        return Denied, "own_decision"  # this officer refused, so another one decides the appeal
    paid_for = {"accept", "accept_by_telephone", "schedule", "reschedule", "admit", "re_route"}
    if step.name in paid_for and authorisation == "expired":
        return _NOT_IN_FORCE
    if step.name == "review_emergency" and situation == "stat_reviewed":
        return IllegalTransition, "reviewed"
    if step.name == "raise_urgency" and situation.startswith("stat"):
        return IllegalTransition, "most_urgent"
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
        result = (after.version, states_of(after), changes, audit, published)
        transaction.set_rollback(True)
        return None, result


def _offers(step: str, name: str, before: Before) -> set[bool]:
    """Whether the pages and the API offer the step to somebody, as far as they have it."""
    record, (pages, api) = BY_NAME[step], before.offered(name)
    assert record.api or step not in api
    offers = {step in pages} if record.page else set()
    # On the page of decisions: what one person signed is signed by a second one there, and not granted anew.
    authorisation = getattr(before.whole, "authorisation", None)
    signed = authorisation is not None and authorisation.signed_by_id is not None
    chosen_there = {"sign_second" if signed else "grant", *(() if signed else ("partly_grant",)), "refuse"}
    if step in {"grant", "partly_grant", "refuse", "sign_second"}:
        offers |= {"decide" in pages and step in chosen_there}
    return offers | ({step in api} if record.api else set())


def wrong_tries(situation: str, step: Step, names: Iterable[str], world: World, before: Before) -> list[Any]:
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
    state = (step.referral and REFERRAL_TABLE[step.referral[-1]].target) or before.states[0]
    authorisation = (
        step.authorisation and AUTHORISATION_TABLE[step.authorisation[-1]].target
    ) or before.states[1]
    if step.name == "submit":
        authorisation = "pending"
    assert after == (state, authorisation)
