"""Reading the feed: what stands behind a place for an actor, as they may see it now, in few queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from core.actors import Actor
from core.feed.places import START, Place
from core.feed.registry import KINDS, TYPES, EventType, Kind, Note, Shown

#: So many of a reader's entries are looked through for the types that are asked for, before the answer says "go on".
LOOKED_THROUGH = 500

# In one statement, so that a purge and a batch of new numbers are seen whole or not at all: the entry of the place, the
# oldest and the newest one; and for each party the first entries behind the place by its own index, and of all of
# these the first.
_READ = """
WITH behind AS (
    SELECT DISTINCT r.number
    FROM unnest(%(parties)s::text[]) AS p (party)
    CROSS JOIN LATERAL (
        SELECT number FROM feed_reader
        WHERE party = p.party AND number > %(number)s ORDER BY number LIMIT %(most)s
    ) AS r
    ORDER BY r.number LIMIT %(most)s
)
SELECT 0, number, mark, '', '', '', at FROM feed_entry WHERE number = %(number)s
UNION ALL (SELECT 1, number, mark, '', '', '', at FROM feed_entry ORDER BY number LIMIT 1)
UNION ALL (SELECT 2, number, mark, '', '', '', at FROM feed_entry ORDER BY number DESC LIMIT 1)
UNION ALL
SELECT 3, e.number, e.mark, e.type, e.kind, e.subject_id, e.at
FROM behind JOIN feed_entry AS e ON e.number = behind.number
ORDER BY 1, 2
"""


class _Row(NamedTuple):
    number: int
    mark: int
    type: str
    kind: str
    subject_id: str
    at: datetime

    @property
    def place(self) -> Place:
        return Place(self.number, self.mark)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as its reader may see it. Without `shown` it tells that the subject is gone, and nothing else."""

    id: str
    type: EventType
    at: datetime
    subject_id: str
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class Page:
    """Events in their order, the place behind them, and whether more stand behind it now."""

    events: list[Event]
    place: Place
    more: bool


class Gone(Exception):
    """What stood behind the place isn't kept any more, or never was in this database."""

    def __init__(self, oldest: Place, newest: Place) -> None:
        super().__init__("the place is gone")
        self.oldest = oldest
        self.newest = newest


def read_behind(
    actor: Actor,
    place: Place | None,
    *,
    kinds: Collection[Kind],
    types: Collection[str] = (),
    limit: int,
    at_end: bool = False,
) -> Page:
    """The events of these kinds behind the place (None: all that are kept); of `types` alone where any are named.

    `at_end` asks for the place behind everything, and no events. That a subject of such a type's kind is gone is told
    whatever the types. Raises Gone. What waits for its number isn't among the events: `numbering.number_waiting` comes
    first, in a transaction of its own, since a place that is told must stand.
    """
    most = 0 if at_end else LOOKED_THROUGH if types else limit
    rows, newest = _rows(sorted({party for kind in kinds for party in kind.parties(actor)}), place, most)
    if at_end:
        return Page([], newest, more=False)
    found = [event for event in _seen(actor, rows) if _wanted(event, types)]
    if len(found) > limit:
        found = found[:limit]
        last = next(row.place for row in rows if str(row.place) == found[-1].id)
        more = True
    else:
        more = len(rows) == most
        last = rows[-1].place if more else newest
    _note(actor, found)
    return Page(found, last, more)


def _rows(parties: Sequence[str], place: Place | None, most: int) -> tuple[list[_Row], Place]:
    """The parties' first entries behind the place, and the newest place of all. Raises Gone."""
    given: dict[str, Any] = {
        "parties": parties,
        "number": -1 if place is None else place.number,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, given)
        found = cursor.fetchall()
    bounds = {which: Place(number, mark) for which, number, mark, *_rest in found if which < 3}
    oldest, newest = bounds.get(1, START), bounds.get(2, START)
    if place is not None and bounds.get(0, START) != place:
        raise Gone(oldest, newest)
    if place == START and oldest.number > 1:
        raise Gone(oldest, newest)
    return [_Row._make(row[1:]) for row in found if row[0] == 3], newest


def _seen(actor: Actor, rows: Sequence[_Row]) -> list[Event]:
    """The events, each as far as the actor may see its subject now: one query for each kind."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        subjects[row.kind].add(row.subject_id)
    shown = {kind: KINDS[kind].shown(actor, ids) for kind, ids in subjects.items()}
    events = []
    for row in rows:
        seen, kind = shown[row.kind].get(row.subject_id), KINDS[row.kind]
        # Another release of the portal may have written what this one has no words for: whoever follows hears it.
        told = TYPES.get(row.type, EventType(row.type, kind, "")) if seen else TYPES[kind.gone]
        events.append(Event(str(row.place), told, row.at, row.subject_id, seen))
    return events


def _wanted(event: Event, types: Collection[str]) -> bool:
    if not types or event.type.name in types:
        return True
    return event.shown is None and any(TYPES[name].kind is event.type.kind for name in types)


def _note(actor: Actor, events: Sequence[Event]) -> None:
    """One row of the ledger for all patients whose ids are told."""
    told: dict[Note, dict[UUID, None]] = defaultdict(dict)
    for event in events:
        note, patient = event.type.kind.note, event.shown.patient if event.shown else None
        if note is not None and patient is not None:
            told[note][patient] = None
    for note, patients in told.items():
        note(actor, list(patients))
