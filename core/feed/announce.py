"""Leaving an event for the feed, in the writer's transaction: it costs them one row."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.feed.models import Waiting
from core.feed.registry import PARTIES, SOURCES
from core.prepared import insert

_REMEMBERED = "_parties_before"


def announce(
    kind: str, *, subject: Model | None = None, payload: Mapping[str, Any] | None = None, by: Actor
) -> None:
    """Leave what the tables know `kind` as. `core.outbox.publish` does it for everything that is published."""
    now = timezone.now()
    rows = [
        Waiting(
            type=told.name,
            kind=told.kind.name,
            subject_id=one.subject_id,
            parties=sorted(one.parties),
            at=now,
        )
        for told, about in SOURCES.get(kind, ())
        for one in about(subject, payload or {}, by)
        if one.parties
    ]
    if rows:
        insert(*rows)


def remember(row: Model) -> None:
    """Keep with a locked row who is party to it now: whoever isn't afterwards is told as well."""
    if (parties := PARTIES.get(type(row))) is not None:
        setattr(row, _REMEMBERED, frozenset(parties(row)))


def concerned(row: Model) -> frozenset[str]:
    """Who is party to the row, or was when it was locked."""
    before: frozenset[str] = getattr(row, _REMEMBERED, frozenset())
    return before | frozenset(PARTIES[type(row)](row))
