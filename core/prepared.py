"""Queries whose SQL is written once in a process and then only filled with values.

Django takes several milliseconds to write a SELECT over ten tables, often longer than PostgreSQL takes to answer it.
The few queries that every request makes are therefore built once from ordinary querysets, with a `Parameter` wherever
a value goes, and kept by their shape. What a queryset means stays where it was: in models and access rules.

`lent` lets an access rule take part: the rule gets an actor whose organisation and country are places for values, and
the query is kept for each combination of roles. `insert` does for new rows what `prepared` does for queries.

What is kept is true for everybody and at any time, so two mistakes end with TypeError: a rule that looks at a lent
value in Python, and a builder that puts a date or a moment of its own into a query.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any, ClassVar, Generic, Literal, NoReturn, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet
from django.db.models.query import ValuesListIterable, get_related_populators
from psycopg2.extras import Range

from core.actors import Actor
from core.permissions import Role

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


class OneOf(Func):
    """A condition: a field's value is one of a list that is given when the query runs.

    An index finds these rows first. A list behind `__in` is a table instead, which is joined behind all others.
    """

    template = "%(expressions)s"
    arg_joiner = " = "
    output_field = BooleanField()

    def __init__(self, field: str, name: str, kind: Literal["uuid", "bigint"] = "uuid") -> None:
        super().__init__(F(field), _Any(name, kind))


class _Any(Parameter):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name)
        self.kind = kind

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"ANY(%s::{self.kind}[])", [_Place(self.name)]


class _Place:
    """What stands among a compiled query's values for a `Parameter`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Prepared(Generic[Row]):
    """A compiled queryset: of models, with annotations too, or of `values_list`. Not for prefetches or `flat` lists."""

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
        for value in self._values:
            _refuse_moments(value)
        columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        assert not queryset._prefetch_related_lookups
        if not self._tuples:
            self._added = list((self._compiler.annotation_col_map or {}).items())
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
        return list(map(tuple, rows) if self._tuples else self._models(rows))

    def first(self, **given: Any) -> Row | None:
        """The first row, or None. The queryset itself says how many it reads."""
        return next(iter(self.rows(**given)), None)

    def _models(self, rows: Any) -> Iterator[Any]:
        """As `ModelIterable` does it."""
        for row in rows:
            found = self._model.from_db(self._using, self._names, row[self._own])
            for populator in self._populators:
                populator.populate(row, found)
            for name, place in self._added:
                setattr(found, name, row[place])
            yield found


def _refuse_moments(value: Any) -> None:
    """Raise TypeError for a value that was true when the query was built: another day it finds something else."""
    if isinstance(value, (date, time, timedelta)):
        raise TypeError(f"a prepared query keeps {value!r}: give it as a Parameter when the query runs")
    if isinstance(value, Range):
        value = (value.lower, value.upper)
    if isinstance(value, (list, tuple)):
        for one in value:
            _refuse_moments(one)


@lru_cache(maxsize=KEPT)
def prepared(build: Callable[..., QuerySet[Any, Row]], *shape: Hashable) -> Prepared[Row]:
    """The query that `build(*shape)` gives, compiled by the first call with that shape."""
    return Prepared(build(*shape))


def insert(first: AnyModel, *more: AnyModel, reads_key: bool = True) -> AnyModel:
    """Write new rows of one model in one statement and give the first; their keys are filled in.

    As `save(force_insert=True)` does it, but without signals. Every value must be there: an expression, such as a
    default of the database, can't stand for one. IntegrityError as ever. Without `reads_key` the key isn't known
    afterwards, and the rows may be such as the writer must not read.
    """
    rows = (first, *more)
    fields, key, sql = _insertion(type(first), len(rows), reads_key)
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
def _insertion(model: type[Model], rows: int, reads_key: bool) -> tuple[list[Any], Any, str]:
    """The columns to write, the key to read back (None for a model that makes its own), and the statement."""
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: list[Any] = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    assert not meta.parents
    assert not any(field.generated for field in fields)
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(_place_of(field) for field in fields)
    words = ["INSERT INTO", quote(meta.db_table), f"({columns})", "VALUES", ", ".join([f"({places})"] * rows)]
    key: Any = meta.auto_field if reads_key else None
    if key is not None:
        words += ["RETURNING", quote(key.column)]
    return fields, key, " ".join(words)


def _place_of(field: Any) -> str:
    """Where a column's value stands in the statement."""
    if isinstance(field, ArrayField):  # an empty list has no type of its own
        return f"%s::{field.db_type(connections[DEFAULT_DB_ALIAS])}"
    assert not hasattr(field, "get_placeholder"), f"{field} wants more than a place for its value"
    return "%s"


class Lent:
    """A value of a lent actor: it can stand in a condition, and nothing else can be done with it.

    A rule that asks `actor.country == "KZ"` would get one answer for everybody who shares the query.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Parameter:
        """What Django asks of everything that stands in a condition."""
        return Parameter(self.name)

    def __repr__(self) -> str:
        return f"<lent {self.name}>"

    def _refuse(self, *args: Any) -> NoReturn:
        raise TypeError(f"{self!r} is known to the database alone: put it into a condition of the query")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __bool__ = _refuse
    __str__ = __format__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __int__ = __index__ = __float__ = __add__ = __radd__ = __mod__ = __bytes__ = _refuse


@dataclass(frozen=True, slots=True, eq=False)
class LentActor(Actor):
    """An actor as a rule sees them while a query is built. There is one for each shape: it is itself and no other."""

    __hash__: ClassVar[Any] = object.__hash__


_ORGANISATION: Any = Lent("own_organisation")
_COUNTRY: Any = Lent("own_country")


def lent(actor: Actor) -> Actor:
    """The actor as a rule sees them while a query is built: one for all who have the same roles.

    Their organisation and country are the values `own_organisation` and `own_country`, which `values_of` gives.
    """
    return _lent(actor.kind, actor.roles, actor.organisation_id is not None, bool(actor.country))


@lru_cache(maxsize=KEPT)
def _lent(
    kind: Literal["person", "client", "system"],
    roles: frozenset[Role],
    of_organisation: bool,
    of_country: bool,
) -> Actor:
    return LentActor(
        kind=kind,
        id="",
        label="",
        roles=roles,
        organisation_id=_ORGANISATION if of_organisation else None,
        country=_COUNTRY if of_country else "",
    )


def values_of(actor: Actor) -> Values:
    """What stands for the values of `lent`."""
    return {"own_organisation": actor.organisation_id, "own_country": actor.country}
