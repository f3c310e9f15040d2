"""The one place that opens a write transaction for a person, a partner's system or a worker.

Row-level security belongs here when it comes: `SET LOCAL` of the actor, inside the transaction, so that it also
holds behind a pooler in transaction mode.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from core.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def transaction_for(actor: Actor) -> Iterator[None]:
    """Open a transaction (or a savepoint inside one) in which `actor` writes."""
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
        with transaction_for(actor):
            return function(*args, **kwargs)

    return run
