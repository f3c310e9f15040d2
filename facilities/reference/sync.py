"""Bring a table up to its reference rows without overwriting what a person changed."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from facilities.models.reference import ReferenceRow
from facilities.reference.report import Kept, TableReport

BATCH = 2000
Row = Mapping[str, Any]
M = TypeVar("M", bound=ReferenceRow)


def _nothing_held(row: ReferenceRow) -> Container[str]:
    return ()


def sync(
    model: type[M],
    rows: Iterable[Row],
    *,
    key: tuple[str, ...],
    report: TableReport,
    derive: Callable[[M], None] | None = None,
    derived: tuple[str, ...] = (),
    among: QuerySet[M] | None = None,
    held: Callable[[M], Container[str]] = _nothing_held,
    gone: Callable[[M], bool] | None = None,
) -> None:
    """Create or update one row of `model` for each of `rows`, told apart by the columns in `key`.

    `rows` map column names (`country_id`, not `country`) to JSON values. A column whose value differs from
    what was loaded last was changed by a person and is kept and reported; so is a name in one language, while
    the others follow the file. Rows that left the reference stay and are reported. `derive` fills the columns in
    `derived` of a row that is written. `held` names the fields of a row that somebody confirmed: they stay too. `gone`
    is told of each row that left and says whether it changed it. `among` narrows the rows of the table that the
    reference speaks of.
    """
    existing = {
        tuple(getattr(row, name) for name in key): row
        for row in (among if among is not None else model._default_manager.all())
    }
    created: list[M] = []
    updated: list[M] = []
    changed: set[str] = {"loaded_values", *derived}
    for values in rows:
        report.total += 1
        found = existing.pop(tuple(values[name] for name in key), None)
        if found is None:
            created.append(_new(model, values, derive))
        elif names := _update(found, values, report, held(found)):
            updated.append(found)
            changed |= names
            if derive:
                derive(found)
    model._default_manager.bulk_create(created, batch_size=BATCH)
    if updated:
        model._default_manager.bulk_update(updated, sorted(changed), batch_size=500)
    report.created += len(created)
    report.updated += len(updated)
    vanished = [row for row in existing.values() if row.loaded_values]
    report.vanished += [str(row.pk) for row in vanished]
    if gone is not None and (left := [row for row in vanished if gone(row)]):
        for row in left:
            row.save()
        report.updated += len(left)


def _new(model: type[M], values: Row, derive: Callable[[M], None] | None) -> M:
    row = model(**values, loaded_values=dict(values))
    if derive:
        derive(row)
    return row


def _update(row: ReferenceRow, values: Row, report: TableReport, held: Container[str]) -> set[str]:
    """Take over what a person didn't touch; the names of the columns to write (empty when none)."""
    written: set[str] = set()
    loaded = row.parts_of(row.loaded_values)
    for name, reference in row.parts_of(values).items():
        current = row.value_of(name)
        if current == reference:
            continue
        if name not in held and _untouched(loaded, name, current):
            written.add(row.set_value(name, reference))
        else:
            report.kept.append(Kept(row=_label(row), field=name, value=current, reference=reference))
    if row.loaded_values != values:
        row.loaded_values = dict(values)
        written.add("loaded_values")
    return written


def _untouched(loaded: Mapping[str, Any], name: str, current: object) -> bool:
    """Whether a value still is what was loaded last, or nothing where nothing was ever loaded."""
    if name in loaded:
        return bool(current == loaded[name])
    return current in ("", None)


def _label(row: Model) -> str:
    return f"{row._meta.verbose_name} {getattr(row, 'code', None) or row.pk}"
