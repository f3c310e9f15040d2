"""Parts of a patient's page that other rooms add: the page knows none of them, each room adds its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.actors import Actor
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class Section:
    """A template with what it shows. What it shows of the patient is noted in the ledger by who made it."""

    template: str
    context: dict[str, Any]


_makers: list[Callable[[Actor, Patient], Section]] = []


def section(maker: Callable[[Actor, Patient], Section]) -> Callable[[Actor, Patient], Section]:
    """Add a part to every patient's page."""
    if maker not in _makers:
        _makers.append(maker)
    return maker


def sections_of(actor: Actor, patient: Patient) -> list[Section]:
    """The parts of this patient's page, for a reader who may see the patient."""
    return [make(actor, patient) for make in _makers]
