"""What the API answers with: classes of typed fields, which orjson writes and the description is made from.

A field stands in one place, its class. `core.api.schema` reads the classes; nothing else lists their fields.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, dataclass_transform


@dataclass(frozen=True, slots=True)
class OneOf:
    """In `Annotated[str, OneOf(…)]`: the values that a text may have, such as a `TextChoices`."""

    values: Iterable[str]


@dataclass_transform(frozen_default=True, eq_default=False)
class Answer:
    """The base of every answer and of its parts; each subclass becomes a dataclass without further ado.

    Its name and its docstring are those of the component in the description. A text in `Annotated[…, "…"]` describes
    one field. A type checker holds the fields to be unchangeable; at run time they are plain attributes, because
    making a frozen or slotted object and writing it takes up to three times as long (ADR 14).
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        described = cls.__doc__
        dataclass(eq=False)(cls)
        cls.__doc__ = described  # where there is none, `dataclass` would write the fields down again

    @classmethod
    def names(cls) -> frozenset[str]:
        """The names of the fields."""
        return frozenset(cls.__dataclass_fields__)  # type: ignore[attr-defined]

    @classmethod
    def filled(cls, source: Any, /, **given: Any) -> Self:
        """The answer with the fields that are given, and every other one from `source`'s attribute of that name."""
        for name in cls.__dataclass_fields__.keys() - given.keys():  # type: ignore[attr-defined]
            given[name] = getattr(source, name)
        return cls(**given)


class Row(Answer):
    """A row of a list that takes `?fields=`: each of its fields may be missing."""


class Listing(Answer):
    """A whole list."""

    results: Sequence[Any]


class Page(Listing):
    """One page of a list: its rows, and where the next one is."""

    next: str | None
    next_cursor: str | None


def chosen(rows: Sequence[Row], fields: frozenset[str] | None) -> Sequence[Any]:
    """The rows, each with the fields of these names alone; whole for None."""
    if fields is None or not rows:
        return rows
    names = [name for name in rows[0].__dataclass_fields__ if name in fields]
    return [{name: getattr(row, name) for name in names} for row in rows]
