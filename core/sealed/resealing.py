"""Bringing everything that is sealed under the present keys, while the portal goes on.

What is left to do is asked of the rows themselves, so an end in the middle loses nothing. A row is locked while it is
written, a few hundred at a time: nobody waits, and nothing that somebody writes meanwhile is overwritten.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from core.actors import SYSTEM
from core.audit.log import record
from core.sealed.box import mark_of
from core.sealed.fields import BlindIndexField, Sealed, SealedBytesField
from core.sealed.keys import data_keys, index_keys
from core.sealed.models import SealedKey

BATCH = 200


@dataclass(frozen=True)
class Shelf:
    """A table with something sealed in it."""

    model: type[Model]
    sealed: tuple[Any, ...] = ()
    indexes: tuple[BlindIndexField, ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def stale(self) -> str:
        """The condition, in SQL, for rows that an earlier key has sealed or hashed."""
        parts = [_stale(column, mark_of(data_keys()[0])) for column in self.sealed]
        parts += [_stale(column, f"{index_keys()[0].id}.") for column in self.indexes]
        return " OR ".join(parts)

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{self.table}" WHERE {self.stale()}')  # noqa: S608  the models' own
            return int(cursor.fetchone()[0])

    def some(self) -> list[Any]:
        """Keys of a batch that is left, locked."""
        key = self.model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT "{key}" FROM "{self.table}" WHERE {self.stale()} ORDER BY "{key}" '  # noqa: S608
                f"LIMIT {BATCH} FOR UPDATE SKIP LOCKED"
            )
            return [row[0] for row in cursor.fetchall()]


def _stale(column: Any, mark: str) -> str:
    name = connection.ops.quote_name(column.column)
    if isinstance(column, SealedBytesField):
        return f"(length({name}) > 0 AND substring({name} FOR {len(mark)}) <> '{mark}'::bytea)"
    return f"({name} <> '' AND NOT starts_with({name}, '{mark}'))"


def shelves() -> list[Shelf]:
    """Every table with a sealed field, by name."""
    found = []
    for model in apps.get_models():
        columns = model._meta.local_concrete_fields
        sealed = tuple(one for one in columns if isinstance(one, Sealed))
        indexes = tuple(one for one in columns if isinstance(one, BlindIndexField))
        if sealed and model._meta.managed and not model._meta.proxy:
            found.append(Shelf(model, sealed, indexes))
    return sorted(found, key=lambda shelf: shelf.table)


def left() -> dict[str, int]:
    """How many rows of each table wait for the present keys."""
    return {shelf.table: shelf.count() for shelf in shelves()}


def reseal(told: Callable[[str, int, int], None]) -> int:
    """Bring all rows under the present keys; how many it were. `told` hears table, done, of how many.

    Rows that somebody else has locked are met again. Earlier keys are then marked as retired.
    """
    total = 0
    for shelf in shelves():
        waiting, done = shelf.count(), 0
        while (number := _batch(shelf)) or shelf.count():
            if not number:  # what is left is locked by others just now
                time.sleep(0.1)
            done += number
            told(shelf.table, done, max(waiting, done))
        total += done
    _retire(total)
    return total


def _batch(shelf: Shelf) -> int:
    with transaction.atomic(), _unwatched(shelf.model):
        keys = shelf.some()
        for row in shelf.model._base_manager.filter(pk__in=keys):
            values = {one.attname: one.anew(getattr(row, one.attname)) for one in shelf.sealed}
            values |= {one.attname: one.value_for(row) for one in shelf.indexes}
            shelf.model._base_manager.filter(pk=row.pk).update(**values)
    return len(keys)


def _unwatched(model: type[Model]) -> Any:
    """Without the triggers that let no row change: what it says stays the same. The owner's alone can do this."""
    names = [f"{model._meta.label}:{one.name}" for one in getattr(model._meta, "triggers", [])]
    return pgtrigger.ignore(*names) if names else transaction.atomic()


def _retire(rows: int) -> None:
    with transaction.atomic():
        present = {data_keys()[0].id, index_keys()[0].id}
        gone = SealedKey.objects.filter(retired_at=None).exclude(pk__in=present)
        retired = list(gone.order_by("id").values_list("id", flat=True))
        gone.update(retired_at=timezone.now())
        if rows or retired:
            record("data.resealed", by=SYSTEM, details={"rows": rows, "retired": retired})
