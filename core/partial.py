"""A date of which perhaps only the year, or the year and the month, is known. Pure: no Django.

Written as FHIR and ISO 8601 write it: “1961”, “1961-03”, “1961-03-05”.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, Self

Precision = Literal["day", "month", "year"]
_FORM: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Every day from `first`, the first of the days that it may be, to `last`: one day, a month, or a year."""

    first: date
    precision: Precision = "day"

    @classmethod
    def of(cls, value: "date | PartialDate") -> "PartialDate":
        """A whole date as a partial one; a partial one as it is."""
        return value if isinstance(value, PartialDate) else cls(value)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ValueError for what is neither YYYY, YYYY-MM nor YYYY-MM-DD, or doesn't exist."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(text)
        year, month, day = match.groups()
        precision: Precision = "day" if day else "month" if month else "year"
        return cls(date(int(year), int(month or 1), int(day or 1)), precision)

    @property
    def is_whole(self) -> bool:
        return self.precision == "day"

    @property
    def last(self) -> date:
        """The last of the days that it may be."""
        if self.precision == "day":
            return self.first
        month = 12 if self.precision == "year" else self.first.month
        return date(self.first.year, month, monthrange(self.first.year, month)[1])

    def has(self, day: date) -> bool:
        """Whether it may be that day."""
        return self.first <= day <= self.last

    def may_be(self, other: "PartialDate") -> bool:
        """Whether the two may be one day."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]
