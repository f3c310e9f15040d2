"""The one place that opens a transaction for a person, a partner's system or the portal itself, to read and to write.

`as_actor` stands around every request of somebody who is signed in and around every job; an `@action` inside it is
all or nothing. The database is told who acts when a transaction begins, which its row-level security rests on
(`core.walls`); where a part of another's transaction ends, it is told of the outer actor again.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.transaction import Atomic
from django.utils import timezone

from core.actors import Actor
from core.walls.session import tell

P = ParamSpec("P")
R = TypeVar("R")
logger = logging.getLogger(__name__)


class _Work:
    """An actor's open transaction, or the part of another's in which this actor works."""

    __slots__ = ("_watch", "actor", "atomic", "beginnings", "busy", "kept", "outer", "written")

    def __init__(self, actor: Actor, outer: "_Work | None") -> None:
        self.actor = actor
        self.outer = outer
        self.kept: list[Callable[[], None]] = [] if outer is None else outer.kept
        self.atomic: Atomic | None = None
        self.beginnings = 0
        self.written = False
        self.busy = False  # an action is under way
        self._watch = self.watch

    def begin(self) -> None:
        atomic = Atomic(using=None, savepoint=True, durable=False)
        atomic.__enter__()
        try:
            tell(self.actor)
        except BaseException as error:
            atomic.__exit__(type(error), error, None)
            raise
        self.atomic = atomic
        self.beginnings += 1
        self.written = False
        transaction.get_connection().execute_wrappers.append(self._watch)

    def end(self, error: BaseException | None) -> None:
        """Commit, or undo everything for an error."""
        atomic, self.atomic = self.atomic, None
        if atomic is None:  # the database was lost, and no new transaction could begin
            return
        connection = transaction.get_connection()
        connection.execute_wrappers.remove(self._watch)
        atomic.__exit__(type(error) if error is not None else None, error, None)
        # What is rolled back takes along what was told in it.
        if error is None and connection.in_atomic_block and not connection.needs_rollback:
            tell(self.outer.actor if self.outer is not None else None)

    def watch(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """See whether anything but a reading has happened: then a savepoint must keep what came before an action."""
        if not self.written and not sql.startswith("SELECT"):
            self.written = True
        return execute(sql, *rest)

    def can_begin_anew(self) -> bool:
        """Whether undoing the whole transaction undoes an action that begins now, and nothing else."""
        blocks = transaction.get_connection().atomic_blocks
        return not (self.busy or self.written) and bool(blocks) and blocks[-1] is self.atomic


_work: ContextVar[_Work | None] = ContextVar("work", default=None)


def current_actor() -> Actor | None:
    """For whom the open transaction reads and writes; None outside of any."""
    work = _work.get()
    return work.actor if work is not None else None


@contextmanager
def as_actor(actor: Actor) -> Iterator[None]:
    """Read and write for `actor` in one transaction: all of it stands, or, after an exception, none of it.

    Inside the same actor's it joins in and costs nothing; inside another's it is a part that can fail by itself.
    Meanwhile local times are those of the actor's clock.
    """
    outer = _work.get()
    if outer is not None and outer.actor == actor:
        yield
        return
    work = _Work(actor, outer)
    token = _work.set(work)
    try:
        work.begin()
        try:
            with timezone.override(actor.zone) if actor.zone else nullcontext():
                yield
            if outer is None:
                _write_kept(work)
        except BaseException as error:
            work.end(error)
            if outer is None and work.kept:
                _write_alone(work)
            raise
        else:
            work.end(None)
    finally:
        _work.reset(token)


@contextmanager
def transaction_for(actor: Actor) -> Iterator[None]:
    """Write for `actor`, all or nothing, alone or inside an open transaction.

    The first thing that a request does to the database beyond reading needs no savepoint: should it fail, everything
    is undone, which is itself alone, and a new transaction begins for what the request reads afterwards.
    """
    work = _work.get()
    if work is None or work.actor != actor:
        with as_actor(actor), _busy():
            yield
    elif work.can_begin_anew():
        try:
            with _busy():
                yield
        except BaseException:
            begin_anew()
            raise
    else:
        with transaction.atomic():
            yield


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function that takes a keyword `by: Actor` inside `transaction_for(by)`.

    Raises TypeError when `by` isn't given: an action without an actor must not exist.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = kwargs.get("by")
        if not isinstance(actor, Actor):
            raise TypeError(f"{function.__name__}() needs by=Actor(...)")
        # A day belongs to the body that acts, by whatever clock the person is told the time.
        with transaction_for(actor), timezone.override(actor.place) if actor.place else nullcontext():
            return function(*args, **kwargs)

    return run


def begin_anew() -> None:
    """Undo what the open transaction of an actor has done, its locks too, and go on in a new one. Else nothing."""
    work = _work.get()
    if work is None:
        return
    work.end(_Undone())
    try:
        work.begin()
    except (InterfaceError, OperationalError):
        # Whoever asks the database next meets the reason; an answer that asks nothing can still be given.
        logger.exception("no transaction can begin")


def beginnings() -> int:
    """How often the open transaction has begun: who holds a lock of it compares, to see whether they still do."""
    work = _work.get()
    assert work is not None, "there is no open transaction of an actor"
    return work.beginnings


def keep(write: Callable[[], None]) -> None:
    """Write this at the end, whether the open transaction stands or is undone: what a refusal must leave behind."""
    work = _work.get()
    assert work is not None, "there is no open transaction of an actor"
    work.kept.append(write)


class _Undone(Exception):
    """Tells Django's `Atomic` to roll back."""


@contextmanager
def _busy() -> Iterator[None]:
    work = _work.get()
    assert work is not None
    work.busy = True
    try:
        yield
    finally:
        work.busy = False


def _write_alone(work: _Work) -> None:
    """Write what must stay of a transaction that was undone."""
    work.begin()
    try:
        _write_kept(work)
    except BaseException as error:
        work.end(error)
        raise
    work.end(None)


def _write_kept(work: _Work) -> None:
    while work.kept:
        work.kept.pop(0)()
