"""Pages of a long list, without counting it."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")
PAGE_SIZE = 20
LAST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page: `items`, its `number` from 1, and whether others stand before and after."""

    items: list[T]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def previous_number(self) -> int:
        return self.number - 1


def paginate(rows: "QuerySet[Any] | list[Any]", number: str | int | None, size: int = PAGE_SIZE) -> Page[Any]:
    """The page asked for, in one query of `size` + 1 rows; a number that isn't one means the first page."""
    try:
        wanted = min(max(int(number or 1), 1), LAST_PAGE)
    except ValueError:
        wanted = 1
    start = (wanted - 1) * size
    items = list(rows[start : start + size + 1])
    return Page(items=items[:size], number=wanted, has_next=len(items) > size)
