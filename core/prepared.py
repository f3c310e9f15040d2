"""Queries whose SQL is written once in a process and then only filled with values.

Django takes several milliseconds to write a SELECT over ten tables, often longer than PostgreSQL takes to answer it.
The few queries that every request makes are therefore built once from ordinary querysets, with a `Parameter` wherever
a value goes, and kept by their shape. What a queryset means stays where it was: in models and access rules.

`lent` lets an access rule take part: the rule gets an actor whose organisation and country are parameters, and the
query is kept for each combination of roles. `insert` does for new rows what `prepared` does for queries.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import ValuesListIterable, get_related_populators

from core.actors import Actor

Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=Model)
Values = dict[str, Any]
KEPT = 512


class Parameter(Expression):
    """A place for a value that is named when the query runs, and given as the database's driver takes it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [_Place(self.name)]


class AnyKey(Parameter):
    """For `__in`: a list of numeric keys that is given when the query runs."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "(SELECT unnest(%s::bigint[]))", [_Place(self.name)]


class _Place:
    """What stands among a compiled query's values for a `Parameter`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Prepared(Generic[Row]):
    """A compiled queryset: of models, or of `values_list`. Not for annotations, prefetches, or `flat` lists."""

    def __init__(self, queryset: Any) -> None:
        self._using = queryset.db
        self._tuples = queryset._iterable_class is ValuesListIterable
        self._compiler = queryset.query.get_compiler(using=queryset.db)
        self._sql = ""
        self._values: tuple[Any, ...] = ()
        try:
            self._sql, self._values = self._compiler.as_sql()
        except EmptyResultSet:  # a rule that lets nobody of this shape see anything
            return
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        assert not queryset._prefetch_related_lookups
        assert not self._compiler.annotation_col_map or self._tuples
        if not self._tuples:
            info, select = self._compiler.klass_info, self._compiler.select
            self._model: type[Model] = info["model"]
            self._own = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
            self._names = [column[0].target.attname for column in select[self._own]]
            # The types are of a newer Django.
            self._populators = get_related_populators(info, select, self._using)  # type: ignore[call-arg]

    def rows(self, **given: Any) -> list[Row]:
        """The rows for these values. KeyError for one that is missing."""
        if not self._sql:
            return []
        values = [given[value.name] if type(value) is _Place else value for value in self._values]
        with connections[self._using].cursor() as cursor:
            cursor.execute(self._sql, values)
            found = cursor.fetchall()
        rows = self._compiler.apply_converters(found, self._converters) if self._converters else found
        return list(rows if self._tuples else self._models(rows))

    def first(self, **given: Any) -> Row | None:
        """The first row, or None. The queryset itself says how many it reads."""
        return next(iter(self.rows(**given)), None)

    def _models(self, rows: Any) -> Iterator[Any]:
        """As `ModelIterable` does it."""
        for row in rows:
            found = self._model.from_db(self._using, self._names, row[self._own])
            for populator in self._populators:
                populator.populate(row, found)
            yield found


@lru_cache(maxsize=KEPT)
def prepared(build: Callable[..., QuerySet[Any, Row]], *shape: Hashable) -> Prepared[Row]:
    """The query that `build(*shape)` gives, compiled by the first call with that shape."""
    return Prepared(build(*shape))


def insert(first: AnyModel, *more: AnyModel) -> AnyModel:
    """Write new rows of one model in one statement and give the first; their keys are filled in.

    As `save(force_insert=True)` does it, but without signals. Every value must be there: an expression, such as a
    default of the database, can't stand for one. IntegrityError as ever.
    """
    rows = (first, *more)
    fields, key, sql = _insertion(type(first), len(rows))
    connection = connections[DEFAULT_DB_ALIAS]
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if key is not None:
            for row, (value,) in zip(rows, cursor.fetchall(), strict=True):
                setattr(row, key.attname, value)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return first


@lru_cache(maxsize=KEPT)
def _insertion(model: type[Model], rows: int) -> tuple[list[Any], Any, str]:
    """The columns to write, the key to read back (None where the model makes its own), and the statement."""
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: list[Any] = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    assert not meta.parents
    assert not any(field.generated or hasattr(field, "get_placeholder") for field in fields)
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    words = ["INSERT INTO", quote(meta.db_table), f"({columns})", "VALUES", ", ".join([f"({places})"] * rows)]
    key: Any = meta.auto_field
    if key is not None:
        words += ["RETURNING", quote(key.column)]
    return fields, key, " ".join(words)


_ORGANISATION, _COUNTRY = Parameter("own_organisation"), Parameter("own_country")


def lent(actor: Actor) -> Actor:
    """The actor as a rule sees them while a query is built: one for all who have the same roles.

    Their organisation and country are the parameters `own_organisation` and `own_country`, for which `values_of` has
    the values.
    """
    return replace(
        actor,
        id="",
        label="",
        organisation_id=None if actor.organisation_id is None else _ORGANISATION,  # type: ignore[arg-type]
        organisation_name="",
        country=_COUNTRY if actor.country else "",  # type: ignore[arg-type]
        language="en",
        user_id=None,
        client_id="",
        scopes=frozenset(),
    )


def values_of(actor: Actor) -> Values:
    """What stands for the parameters of `lent`."""
    return {"own_organisation": actor.organisation_id, "own_country": actor.country}
