"""When a patient was in hospital, as other rooms know it: a birth, a stay and a death stand in this order.

Only days that somebody wrote down as such count; each room that keeps some adds its own. Papers about a patient are of
no day before the birth either.
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
PaperSource = Callable[[UUID], Iterable[date]]
_sources: list[Source] = []
_paper_sources: list[PaperSource] = []


def stays(source: Source) -> Source:
    """Add what a room knows of the stays of a patient."""
    if source not in _sources:
        _sources.append(source)
    return source


def papers(source: PaperSource) -> PaperSource:
    """Add what a room knows of the days of papers about a patient."""
    if source not in _paper_sources:
        _paper_sources.append(source)
    return source


def papers_of(patient_id: UUID) -> list[date]:
    """The days of the papers that are on record for a patient."""
    return [day for source in _paper_sources for day in source(patient_id)]


def stays_of(patient_id: UUID) -> list[Stay]:
    """Every stay that is on record for a patient, for whoever writes their birth or death."""
    return [stay for source in _sources for stay in source(patient_id)]
