"""Telling the database who acts, for one transaction.

One statement at its beginning, whatever it reads then. The settings are local to the transaction, so they hold behind
a pooler in transaction mode, and what is rolled back takes them along.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction

from core.actors import Actor
from core.walls.roles import WEB, WORKER

_NAMES = ("kind", "user", "organisation", "country", "roles")
_TELL = "SELECT " + ", ".join(f"set_config('portal.{name}', %s, true)" for name in _NAMES)
_TELL_ROLE = _TELL + ", set_config('role', %s, true)"
_NO_REACH = ["", ""]
_reach: ContextVar[list[str]] = ContextVar("reach", default=_NO_REACH)
_REACH = "SELECT set_config('portal.reach', %s, true), set_config('portal.of', %s, true)"
_working: ContextVar[bool] = ContextVar("working", default=False)


def tell(actor: Actor | None) -> None:
    """Say in the open transaction who acts from here on; None for nobody.

    Where the connection is the owner's (in tests, and in a development with one address), the role of the process
    that would do this is taken as well. In production each process has its own and can take no other.
    """
    values = _values(actor)
    if settings.WALLS_SET_ROLE:
        _say(_TELL_ROLE, [*values, _role(actor)])
    else:
        _say(_TELL, values)


def _values(actor: Actor | None) -> list[str]:
    if actor is None:
        return [""] * len(_NAMES)
    organisation = "" if actor.organisation_id is None else str(actor.organisation_id)
    user = "" if actor.user_id is None else str(actor.user_id)
    return [actor.kind, user, organisation, actor.country, ",".join(sorted(actor.roles))]


def _role(actor: Actor | None) -> str:
    if actor is None:
        return "none"
    if actor.is_system:  # outside of a job: a release, or a test that prepares something
        return WORKER if _working.get() else "none"
    return WEB


@contextmanager
def working() -> Iterator[None]:
    """What the portal itself does meanwhile is a worker's doing."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)


@contextmanager
def reaching(reach: str, of: Iterable[object] = ()) -> Iterator[None]:
    """Let one question look further than its asker may: `identity` finds whose number it is, wherever registered.

    For the few functions whose answer tells no more than they promise; what they read they never hand out. `of`: the
    keys of what the question is about, where the policy wants to know. Outside of a transaction it does nothing.
    A question within another has its own reach, and gives the outer one back.
    """
    outer, told = _reach.get(), [reach, f"{{{','.join(map(str, of))}}}"]
    _say(_REACH, told)
    token = _reach.set(told)
    try:
        yield
    finally:
        _reach.reset(token)
        if not transaction.get_connection().needs_rollback:
            _say(_REACH, outer)


def _say(sql: str, values: list[str]) -> None:
    # Beneath Django's cursor: it isn't a question of anybody's, and nobody who counts those needs to know of it.
    connection = transaction.get_connection()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(sql, values)
