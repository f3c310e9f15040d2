"""What is answered about border crossings."""

from typing import Self

from core.api.answers import Answer
from facilities.models import BorderCrossing


class CrossingRef(Answer):
    """A border crossing on the way."""

    id: int
    name: str
    mode: str
    operating: bool | None

    @classmethod
    def of(cls, crossing: BorderCrossing) -> Self:
        return cls.filled(crossing, id=crossing.pk)


class HoursRow(Answer):
    """What one source said of one kind of traffic, as of one day."""

    traffic: str
    hours: str
    days: str
    status: str
    as_of: str
    source: str
    verified: bool


class CrossingRow(Answer):
    """A border crossing, as its sources describe it."""

    id: int
    name: str
    countries: list[str]
    mode: str
    operating: bool | None
    status: str
    persons: str
    as_of: str
    sources: str
    note: str
    hours: list[HoursRow]

    @classmethod
    def of(cls, crossing: BorderCrossing) -> Self:
        """A crossing whose `hours` are prefetched."""
        countries = [crossing.country_a_id, crossing.country_b_id]
        hours = [HoursRow.filled(row) for row in crossing.hours.all()]
        return cls.filled(crossing, id=crossing.pk, countries=countries, hours=hours)
