"""What a text typed under Patients means in other rooms: each room says it for its own numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from core.actors import Actor
from core.errors import Text


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where what was typed is found: a sentence, and a link; `url` is empty where the reader sees no such thing."""

    text: Text
    url: str = ""


_finders: list[Callable[[Actor, str], list[Pointer]]] = []


def pointer(finder: Callable[[Actor, str], list[Pointer]]) -> Callable[[Actor, str], list[Pointer]]:
    """Add a room's answer."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def pointers(actor: Actor, text: str) -> list[Pointer]:
    """What a text means elsewhere, for this reader."""
    return [one for find in _finders for one in find(actor, text)]
