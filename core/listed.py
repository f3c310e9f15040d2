"""Long lists whose pages cost the same whatever stands behind them.

A list is some querysets, each of which an index can read in the list's order. The keys of one page are chosen first,
from the beginning of each; what a row shows is joined for those alone. Nothing is counted beyond what a tab says.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, Q, QuerySet

from core.pages import LAST_PAGE, PAGE_SIZE, Page

AnyModel = TypeVar("AnyModel", bound=Model)
MOST_COUNTED = 100
"""A tab that has as many says “99+”."""


class UpTo(int):
    """A number that was not counted beyond `MOST_COUNTED`, and says so."""

    def __str__(self) -> str:
        return f"{MOST_COUNTED - 1}+" if self >= MOST_COUNTED else int.__repr__(self)

    __repr__ = __str__


@dataclass(frozen=True, slots=True)
class Listed(Generic[AnyModel]):
    """A list: what stands in any of `branches`, in the `order` of field names that ends with the rows' own key.

    A field that may be empty is in ascending order, the empty ones last, as the database has it.
    """

    branches: tuple["QuerySet[AnyModel]", ...]
    order: tuple[str, ...]

    def keys(self, stop: int) -> list[Any]:
        """The primary keys of the first `stop` rows (one query)."""
        names = [name.lstrip("-") for name in self.order]
        parts = [branch.order_by(*self.order).values_list(*names)[:stop] for branch in self.branches]
        if not parts:
            return []
        rows = list(parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True))
        if len(parts) > 1:
            for place, name in reversed(list(enumerate(self.order))):
                rows.sort(key=_empty_last(place), reverse=name.startswith("-"))
        return list(dict.fromkeys(row[-1] for row in rows))[:stop]

    def page(
        self,
        number: str | None,
        rows: "QuerySet[AnyModel] | Callable[[list[Any]], Iterable[AnyModel]] | None" = None,
    ) -> "Page[AnyModel]":
        """The page of that number, the first for what is none: its keys out of `rows` (two queries).

        `rows`: a queryset, or what gives the rows that have these keys; without it the rows as they stand.
        """
        if rows is None:
            rows = self.branches[0].model._default_manager.all()
        try:
            wanted = min(max(int(number or 1), 1), LAST_PAGE)
        except ValueError:
            wanted = 1
        start = (wanted - 1) * PAGE_SIZE
        keys = self.keys(start + PAGE_SIZE + 1)[start:]
        read = rows if callable(rows) else lambda keys: rows.filter(pk__in=keys)
        found = {row.pk: row for row in read(keys[:PAGE_SIZE])} if keys else {}
        items = [found[key] for key in keys[:PAGE_SIZE] if key in found]
        return Page(items=items, number=wanted, has_next=len(keys) > PAGE_SIZE and wanted < LAST_PAGE)

    def some(self, most: int) -> list[Any]:
        """The keys of so many of the rows, in no order (one query)."""
        parts = [branch.order_by().values_list("pk", flat=True)[:most] for branch in self.branches]
        if not parts:
            return []
        found = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True)
        return list(dict.fromkeys(found))[:most]

    def narrowed(self, condition: Q) -> "Listed[AnyModel]":
        """Those of the rows that fit."""
        return Listed(tuple(branch.filter(condition) for branch in self.branches), self.order)


def values_like(rows: "QuerySet[Any]", field: str, text: str) -> list[str]:
    """The values of a text column that hold the text, whatever the case; each value costs one look into an index.

    `rows`: what an index has in the order of that column, once it is narrowed.
    """
    following = rows.order_by(field).values(field)[:1]
    first, given = following.query.sql_with_params()
    column = rows.model._meta.get_field(field).column
    table = rows.model._meta.db_table
    later = first.replace(" ORDER BY ", f' AND "{table}"."{column}" > seen.value ORDER BY ', 1)
    sql = (
        f"WITH RECURSIVE seen (value) AS (({first}) UNION ALL "  # noqa: S608  compiled
        f"SELECT ({later}) FROM seen WHERE seen.value IS NOT NULL) SELECT value FROM seen WHERE value IS NOT NULL"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, [*given, *given])
        found = [value for (value,) in cursor.fetchall()]
    wanted = text.casefold()
    return [value for value in found if wanted in value.casefold()]


def _empty_last(place: int) -> Callable[[Sequence[Any]], Any]:
    return lambda row: (row[place] is None, row[place])


def count_up_to(rows: "QuerySet[Any]") -> UpTo:
    """How many there are, as far as a tab says it."""
    return UpTo(rows.order_by()[:MOST_COUNTED].count())


def counts(lists: Mapping[str, Listed[Any]]) -> dict[str, int]:
    """How many stand in each list, as far as a tab says it, in one query."""
    parts: list[str] = []
    values: list[Any] = []
    for listed in lists.values():
        chosen = []
        for branch in listed.branches:
            try:
                sql, params = branch.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
            except EmptyResultSet:
                continue
            chosen.append(f"({sql})")
            values += params
        # UNION, since two branches may have one row.
        union = " UNION ".join(chosen)
        parts.append(f"(SELECT count(*) FROM ({union}) one)" if chosen else "0")  # noqa: S608  compiled
    if not parts:
        return {}
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        found = cursor.fetchone()
    return {name: UpTo(min(number, MOST_COUNTED)) for name, number in zip(lists, found, strict=True)}
