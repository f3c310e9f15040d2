"""What a load of reference data did, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from core import progress


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that a person changed: the load kept the person's value. The admin can restore the reference."""

    row: str
    field: str
    value: object
    reference: object


@dataclass(slots=True)
class TableReport:
    """Counts of one table. `total` is the number of rows in the reference file."""

    name: str
    total: int = 0
    created: int = 0
    updated: int = 0
    kept: list[Kept] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """One line for a person: counts, and what was left alone."""
        text = f"{self.name}: {self.total} rows, {self.created} new, {self.updated} updated"
        if self.kept:
            text += f", {len(self.kept)} values changed by people kept"
        if self.vanished:
            text += f", {len(self.vanished)} rows no longer in the reference kept"
        return text


@dataclass(slots=True)
class LoadReport:
    """What one load did. Other apps' loaders add their own tables to it."""

    tables: list[TableReport] = field(default_factory=list)

    def table(self, name: str) -> TableReport:
        """The report of a table, made when it isn't there yet."""
        for table in self.tables:
            if table.name == name:
                return table
        self.tables.append(TableReport(name))
        progress.note(f"{len(self.tables)} tables, now {name}")
        return self.tables[-1]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """The counts of each table, as the audit log keeps them."""
        return {
            table.name: {
                "total": table.total,
                "created": table.created,
                "updated": table.updated,
                "kept": len(table.kept),
                "vanished": len(table.vanished),
            }
            for table in self.tables
        }

    def lines(self) -> Iterator[str]:
        """The report in plain lines: each table, then each value and row that was left alone."""
        for table in self.tables:
            yield table.line
            for kept in table.kept:
                yield f"  kept: {kept.row}, {kept.field} = {kept.value!r} (reference: {kept.reference!r})"
            for row in table.vanished:
                yield f"  no longer in the reference, kept: {row}"
