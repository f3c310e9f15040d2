"""What is answered about border crossings."""

from datetime import date
from typing import Annotated, Self

from core.api.answers import Answer, OneOf
from facilities.crossing_day import CrossingDay, State
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


class WayPart(Answer):
    """What is known of one way of travelling on the day. The hours are by the clock of the crossing."""

    state: Annotated[str, OneOf(State)]
    opens: str
    closes: str
    daylight: bool
    until: Annotated[date | None, "Of a closure: its last day, where a source names it."]
    as_of: str


class CrossingDayPart(Answer):
    """The crossing on the way, on the day of the journey, as far as dated sources say."""

    day: date
    closed: Annotated[bool, "Whether nobody gets through that day."]
    on_foot: WayPart
    by_car: WayPart

    @classmethod
    def of(cls, found: CrossingDay) -> Self:
        ways = (WayPart.filled(way, state=way.state.value) for way in (found.on_foot, found.by_car))
        on_foot, by_car = ways
        return cls(day=found.day, closed=found.is_closed, on_foot=on_foot, by_car=by_car)


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
