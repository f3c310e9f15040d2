"""Which functions follow which events."""

from collections.abc import Callable
from dataclasses import dataclass

from core.outbox.models import Event


class GiveUp(Exception):
    """Raised by a handler that will never succeed: its job is given up at once. `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Handler:
    """A named reaction to an event.

    An `atomic` handler only writes to the database: it runs in one transaction with the mark that it's finished, so
    its effect happens exactly once. Any other handler opens its own transactions (`as_actor(SYSTEM)`, or actions) and
    must be safe to repeat.
    `given_up` is told, with the reason, when a job of the handler is given up, in the transaction that says so.
    """

    name: str
    run: Callable[[Event, str], None]
    atomic: bool
    given_up: Callable[[Event, str, str], None] | None = None


_handlers: dict[str, Handler] = {}
_subscriptions: dict[str, list[str]] = {}


def handler(
    *kinds: str,
    name: str,
    atomic: bool = True,
    given_up: Callable[[Event, str, str], None] | None = None,
) -> Callable[[Callable[[Event, str], None]], Callable[[Event, str], None]]:
    """Register a function `(event, key) -> None` for the kinds of event given (none: called by `add_jobs` only)."""

    def register(function: Callable[[Event, str], None]) -> Callable[[Event, str], None]:
        if name in _handlers and _handlers[name].run is not function:
            raise ValueError(f"two outbox handlers are called {name!r}")
        _handlers[name] = Handler(name, function, atomic, given_up)
        for kind in kinds:
            _subscriptions.setdefault(kind, []).append(name)
        return function

    return register


def get(name: str) -> Handler:
    """The handler of that name; KeyError when a deployment has lost it."""
    return _handlers[name]


def tell_given_up(name: str, event: Event, key: str, reason: str) -> None:
    """Let the handler know that its job was given up; nothing for one that a deployment has lost."""
    found = _handlers.get(name)
    if found is not None and found.given_up is not None:
        found.given_up(event, key, reason)


def names_for(kind: str) -> list[str]:
    """The names of the handlers that follow events of that kind."""
    return list(_subscriptions.get(kind, ()))
