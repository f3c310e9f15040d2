"""The one road of a change of state, for any machine: lock, ask, look up, move, write history, audit, publish.

A `Machine` says what the road must know of a kind of row: its table of transitions, who sees the rows, what an actor
is to one of them, and how a change becomes a row of the history. The road takes the steps in their order. It runs in
the caller's transaction (`core.db.action`); facts that a step rests on are the caller's to check, under the lock.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.audit.log import record
from core.errors import Denied, IllegalTransition, NotKnown, PortalError, Stale, Text
from core.feed.announce import remember
from core.outbox.publish import publish
from core.prepared import Parameter, insert, lent, prepared, values_of

Row = TypeVar("Row", bound=Model)
Trace = TypeVar("Trace", bound=Model)


@dataclass(frozen=True, slots=True)
class Transition:
    """`event` leads from any of `sources` to `target` and may be caused by any of `parties`.

    Without a target the state stays what it was: something is added or changed on the way.
    """

    event: StrEnum
    sources: frozenset[StrEnum]
    target: StrEnum | None
    parties: frozenset[StrEnum]


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why something can't be done now: a code that stays, and a sentence. `denied`: it is the person, not the state."""

    code: str
    message: Text
    denied: bool = False

    def error(self, allowed: Iterable[str] = ()) -> PortalError:
        """403 for the person, 409 for the state, with what is allowed instead."""
        if self.denied:
            return Denied(self.message, code=self.code)
        return IllegalTransition(self.message, allowed=allowed, code=self.code)


#: The actor is none of those who may cause the event.
NO_PARTY = Hindrance(Denied().code, Denied().message, denied=True)


@dataclass(frozen=True, slots=True)
class Moved(Generic[Row]):
    """A change of state that was just made, as the history keeps it."""

    row: Row
    event: StrEnum
    before: str
    after: str
    at: datetime
    by: Actor
    reason_code: str
    reason_text: str


def _itself(row: Any) -> Any:
    return row


def _nothing(row: Any, at: datetime) -> None:
    """Most machines keep nothing but their state."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Machine(Generic[Row, Trace]):
    """What the road has to know of a state machine. Kinds of events and audit rows begin with `name`.

    `visible` gives the rows that an actor may know of (its conditions must suit `core.prepared.lent`); None where the
    rows lie under the lock of another machine's. `subject` is the row that carries the version and of which audit and
    outbox speak: the row itself unless it is a part of another. `settle` sets what else hangs on the new state.
    """

    name: str
    model: type[Row]
    table: Mapping[StrEnum, Transition]
    parties: Callable[[Actor, Row], Collection[StrEnum]]
    not_now: Callable[[str], Text]
    history: Callable[[Moved[Row]], Trace]
    country: Callable[[Row], str]
    visible: Callable[[Actor], QuerySet[Row]] | None = None
    joined: tuple[str, ...] = ()
    subject: Callable[[Row], Any] = _itself
    settle: Callable[[Row, datetime], None] = _nothing
    state: str = "state"
    version: str = "version"


def lock(machine: Machine[Row, Any], key: Any, *, by: Actor, version: int | None = None) -> Row:
    """The row, locked until the transaction ends. Raises NotKnown, or Stale when `version` is old."""
    assert machine.visible is not None, f"a {machine.name} lies under another lock"
    try:
        key = machine.model._meta.pk.to_python(key)
    except ValidationError as error:
        raise NotKnown() from error
    # A row whose patient was changed while we waited for it is joined anew by a second look alone.
    found: Row | None = prepared(_lockable, machine, lent(by)).first(key=key, **values_of(by))
    found = found or prepared(_lockable, machine, lent(by)).first(key=key, **values_of(by))
    if found is None:
        raise NotKnown()
    remember(found)
    if version is not None and version != getattr(machine.subject(found), machine.version):
        raise Stale()
    return found


def _lockable(machine: Machine[Row, Any], by: Actor) -> QuerySet[Row]:
    # Seen first, locked then: the rules of sight join and exclude, which a row lock can't.
    assert machine.visible is not None
    seen = machine.visible(by).filter(pk=Parameter("key")).values("pk")
    rows = machine.model._default_manager.select_for_update(of=("self",))
    if machine.joined:
        rows = rows.select_related(*machine.joined)
    return rows.filter(pk__in=seen).order_by()


def hindrance(
    machine: Machine[Any, Any], event: StrEnum, *, state: str, parties: Collection[StrEnum]
) -> Hindrance | None:
    """What the table has against the event: the person first, then the state. None when it allows it."""
    row = machine.table[event]
    if not row.parties.intersection(parties):
        return NO_PARTY
    if state not in row.sources:
        return Hindrance(IllegalTransition.code, machine.not_now(state))
    return None


def check(machine: Machine[Row, Any], row: Row, event: StrEnum, *, by: Actor) -> None:
    """Raise Denied or IllegalTransition unless the table lets `by` cause `event` now."""
    found = hindrance(machine, event, state=getattr(row, machine.state), parties=machine.parties(by, row))
    if found is not None:
        raise found.error()


def move(
    machine: Machine[Row, Trace],
    row: Row,
    event: StrEnum,
    *,
    by: Actor,
    reason_code: str = "",
    reason_text: str = "",
    details: Mapping[str, Any] | None = None,
) -> Trace:
    """Take the step: asks the table, saves the row with what the caller set on it, writes every trace.

    `details` are what the audit row and the event say besides; nothing clinical.

    Gives its row of the history. The caller holds the lock and has checked the facts that the step needs.
    """
    check(machine, row, event, by=by)
    subject, before, at = machine.subject(row), getattr(row, machine.state), timezone.now()
    target = machine.table[event].target
    after = target.value if target is not None else before
    if target is not None:
        setattr(row, machine.state, after)
        machine.settle(row, at)
    setattr(subject, machine.version, getattr(subject, machine.version) + 1)
    if row._state.adding:
        insert(row)
    else:
        row.save()
    if subject is not row:
        subject.save(update_fields=[machine.version, *_touched(subject)])
    trace = machine.history(Moved(row, event, before, after, at, by, reason_code, reason_text))
    insert(trace)
    told = {**(details or {}), "from": before, "to": after, "version": getattr(subject, machine.version)}
    if reason_code:
        told["reason_code"] = reason_code
    kind = f"{machine.name}.{event}"
    record(kind, by=by, subject=subject, country=machine.country(row), details=told)
    publish(kind, subject=subject, payload=told, by=by)
    return trace


def _touched(row: Model) -> list[str]:
    """The fields that Django sets at every save, if they are among those to be saved."""
    return [field.name for field in row._meta.concrete_fields if getattr(field, "auto_now", False)]
