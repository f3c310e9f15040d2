"""A builder of a prepared query as an ordinary queryset with its values, and rows with all that was read for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db.models import Model

from core.prepared import Parameter, _Any


@contextmanager
def filled_in(values: dict[str, Any]) -> Iterator[None]:
    """While it lasts, the places of an ordinary queryset have their values, and Django compiles it as any other."""

    def one(self: Parameter, compiler: Any, connection: Any) -> Any:
        return "%s", [values[self.name]]

    def any_of(self: _Any, compiler: Any, connection: Any) -> Any:
        return f"ANY(%s::{self.kind}[])", [values[self.name]]

    with (
        patch.object(_Any, "as_sql", any_of),
        patch.object(Parameter, "as_sql", one),
    ):
        yield


def content(row: Any, under: frozenset[int] = frozenset()) -> Any:
    """A row with everything that was read for it, what is joined too; the way back of a relation isn't followed."""
    if not isinstance(row, Model) or id(row) in under:
        return row
    deferred, under = row.get_deferred_fields(), under | {id(row)}
    own = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in deferred
    }
    joined = {name: content(other, under) for name, other in row._state.fields_cache.items()}
    known = {field.attname for field in row._meta.concrete_fields}
    added = {name: value for name, value in vars(row).items() if name not in known and name != "_state"}
    return type(row).__name__, own, joined, added
