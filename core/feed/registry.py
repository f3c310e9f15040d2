"""The one table of event types: the feed, its documentation and its schema are made from it.

A room adds the kinds of subjects that it has (`Kind`), the types of events (`add_types`), and for what is published in
the portal, or announced, which of them it is and for whom (`when`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model

from core.actors import Actor
from core.errors import Text


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject as its reader may see it now: where to read it, its number, the patient whose id is told by it."""

    address: str
    number: str | None = None
    patient: UUID | None = None


Note = Callable[[Actor, Collection[UUID]], None]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of subject. `resource` is the first half of the scope that reads it.

    `parties` are the keys under which an actor reads, none for who never sees such a subject. `shown` gives those of
    the subjects that the actor may read now, in one query; what is missing there is told as gone. `note` writes to the
    ledger that patients' ids are shown; kinds with the same function share a row.
    """

    name: str
    resource: str
    words: str
    parties: Callable[[Actor], tuple[str, ...]]
    shown: Callable[[Actor, Collection[str]], Mapping[str, Shown]]
    note: Note | None = None

    @property
    def gone(self) -> str:
        """The type under which its readers are told of a subject that they may not see any more."""
        return f"{self.name}.gone"


@dataclass(frozen=True, slots=True)
class EventType:
    """What can happen to a subject. `words` say it in the past tense."""

    name: str
    kind: Kind
    words: Text


@dataclass(frozen=True, slots=True)
class About:
    """A subject that something happened to, by its id, and the parties who are concerned."""

    subject_id: str
    parties: Collection[str]


Subject = Callable[[Any, Mapping[str, Any], Actor], Iterable[About]]


@dataclass(frozen=True, slots=True)
class _Tables:
    kinds: dict[str, Kind] = field(default_factory=dict)
    types: dict[str, EventType] = field(default_factory=dict)
    sources: dict[str, list[tuple[EventType, Subject]]] = field(default_factory=dict)
    parties: dict[type[Model], Callable[[Any], Collection[str]]] = field(default_factory=dict)


_tables = _Tables()
KINDS: Mapping[str, Kind] = _tables.kinds
TYPES: Mapping[str, EventType] = _tables.types
#: What an event of the portal is in the feed, by its kind.
SOURCES: Mapping[str, list[tuple[EventType, Subject]]] = _tables.sources
#: Who is party to a row, by its model: kept by whoever locks one, for who is no party any more afterwards.
PARTIES: Mapping[type[Model], Callable[[Any], Collection[str]]] = _tables.parties


def add_types(kind: Kind, words: Mapping[str, Text]) -> None:
    """Add a kind of subject and its types; how it is told as gone comes by itself."""
    _tables.kinds[kind.name] = kind
    gone = {kind.gone: "You may not see it any more, or it is not there any more. Delete your copy."}
    for name, text in {**words, **gone}.items():
        if name in TYPES:
            raise ValueError(f"two types of events are called {name}")
        _tables.types[name] = EventType(name, kind, text)


def when(kind: str, name: str, about: Subject) -> None:
    """What is published as `kind` is an event `name` of the subjects that `about(subject, payload, by)` gives."""
    _tables.sources.setdefault(kind, []).append((TYPES[name], about))


def add_parties(model: type[Model], parties: Callable[[Any], Collection[str]]) -> None:
    """Rows of the model remember who was party to them when they were locked (`announce.remember`)."""
    _tables.parties[model] = parties
