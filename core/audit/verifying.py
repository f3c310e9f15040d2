"""Reading the whole audit log against its chains, its codes and the signed heads inside and outside the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone

from core.audit import chain, copies
from core.audit.models import AuditHead, AuditRow, AuditSeal
from core.audit.sealing import unsealed

#: Sealing takes seconds. A row that waits longer waits for a worker that doesn't run.
LONGEST_WAIT = timedelta(minutes=5)
_CHUNK = 2000


@dataclass(frozen=True)
class Broken:
    """The first place of a country's chain that isn't as it was written. `row`: its key in audit_auditrow, if any."""

    country: str
    position: int | None
    row: int | None
    reason: str

    def __str__(self) -> str:
        place = f"place {self.position} of the chain" if self.position is not None else "outside the chain"
        row = f"row {self.row}, " if self.row is not None else ""
        return f"{self.country or 'portal'}: {row}{place}: {self.reason}"


@dataclass
class Report:
    """What was found. The log is whole when nothing is `broken`."""

    sealed: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    waiting_since: str = ""
    heads: int = 0
    copied: int = 0
    broken: list[Broken] = field(default_factory=list)


def verify() -> Report:
    """Compare everything. The caller may read all rows: the owner, or a worker for the portal itself."""
    report = Report()
    heads = _heads(report)
    countries = set(AuditSeal.objects.values_list("country", flat=True).distinct())
    unproven = min((head.unproven for found in heads.values() for head in found), default=0)
    for country in sorted(countries | set(heads)):
        first = next(_chain(country, heads.get(country, []), unproven, report), None)
        if first is not None:
            report.broken.append(first)
    report.broken += _twice()
    _waiting(report, unproven)
    return report


def _heads(report: Report) -> dict[str, list[AuditHead]]:
    """The heads that must be met, by country: those of the database and those outside, each with a good signature."""
    found: dict[str, list[AuditHead]] = {}
    for head in AuditHead.objects.order_by("pk").iterator(_CHUNK):
        report.heads += 1
        if chain.is_signed(head):
            found.setdefault(head.country, []).append(head)
        else:
            reason = "the signed head in the database is not signed by a known key"
            report.broken.append(Broken(head.country, head.position, head.row_id, reason))
    for file, number, copied in copies.copied():
        report.copied += 1
        if copied is not None and chain.is_signed(copied):
            found.setdefault(copied.country, []).append(copied)
        else:
            reason = f"line {number} of {file.name} is no head that a known key has signed"
            report.broken.append(Broken(file.stem, None, None, reason))
    if found and len({head.unproven for one in found.values() for head in one}) > 1:
        report.broken.append(Broken("", None, None, "the heads differ in where the chain begins"))
    return found


def _chain(country: str, heads: list[AuditHead], unproven: int, report: Report) -> Iterator[Broken]:
    """What is broken in one chain, from its beginning on. Only the first is of use: all after it hangs on it."""
    wanted: dict[int, list[AuditHead]] = {}
    for head in heads:
        wanted.setdefault(head.position, []).append(head)
    position, before = 0, ""
    for seal, row in _sealed(country):
        position += 1
        if seal.position != position:
            yield Broken(
                country, position, None, f"the seal is missing; the next one stands at {seal.position}"
            )
            return
        reason = _reason(seal, row, before, unproven)
        if reason:
            yield Broken(country, position, seal.row_id, reason)
            return
        before = seal.hash
        for head in wanted.pop(position, []):
            if (head.hash, head.row_id) != (seal.hash, seal.row_id):
                yield Broken(country, position, seal.row_id, "a signed head says that another row stood here")
                return
    report.sealed[country] = position
    if wanted:
        last = max(wanted)
        yield Broken(
            country,
            position + 1,
            None,
            f"the chain ends here, and a signed head says that it had {last} rows",
        )


def _reason(seal: AuditSeal, row: AuditRow | None, before: str, unproven: int) -> str:
    if row is None:
        return "the row is missing"
    if row.country != seal.country:
        return "the row belongs to another country’s chain"
    if chain.hash_after(before, seal.position, row) != seal.hash:
        return "the row or its place is not what was sealed"
    if row.pk > unproven and not chain.is_authentic(row):
        return "the row was not written by the portal"
    return ""


def _sealed(country: str) -> Iterator[tuple[AuditSeal, AuditRow | None]]:
    """The seals of a chain in their order, with their rows."""
    after = 0
    while seals := list(
        AuditSeal.objects.filter(country=country, position__gt=after).order_by("position", "pk")[:_CHUNK]
    ):
        rows = AuditRow.objects.in_bulk([seal.row_id for seal in seals])
        for seal in seals:
            yield seal, rows.get(seal.row_id)
        after = seals[-1].position


def _twice() -> list[Broken]:
    """Rows that repeat another's code: a copy of a row that the portal wrote once."""
    copies_of = AuditRow.objects.exclude(mac="").values("mac").annotate(number=Count("pk"), last=Max("pk"))
    found = copies_of.filter(number__gt=1).order_by("last").values_list("last", flat=True)
    rows = AuditRow.objects.filter(pk__in=list(found[:10])).order_by("pk")
    return [Broken(row.country, None, row.pk, "the row repeats another one") for row in rows]


def _waiting(report: Report, unproven: int) -> None:
    """Look at what is not sealed yet: each must be the portal's own, and none may wait for long."""
    rows = unsealed()
    for row in rows.iterator(_CHUNK):
        report.waiting += 1
        if row.pk > unproven and row.mac == "" and not report.heads:
            continue  # from before the chain; the first sealing says so
        if row.pk > unproven and not chain.is_authentic(row):
            report.broken.append(Broken(row.country, None, row.pk, "the row was not written by the portal"))
    oldest = rows.aggregate(found=Min("at"))["found"]
    if oldest is not None and oldest < timezone.now() - LONGEST_WAIT:
        report.waiting_since = f"{oldest:%Y-%m-%d %H:%M:%S}"
