"""When a patient was in hospital, as other rooms know it: a birth, a stay and a death stand in this order.

Only days that somebody wrote down as such count; each room that keeps some adds its own.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID


class Stay(NamedTuple):
    """The first and the last day of a stay in hospital."""

    first: date
    last: date


Source = Callable[[UUID], Iterable[Stay]]
_sources: list[Source] = []


def stays(source: Source) -> Source:
    """Add what a room knows of the stays of a patient."""
    if source not in _sources:
        _sources.append(source)
    return source


def stays_of(patient_id: UUID) -> list[Stay]:
    """Every stay that is on record for a patient, for whoever writes their birth or death."""
    return [stay for source in _sources for stay in source(patient_id)]
