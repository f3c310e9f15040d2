"""Giving the rows their places in the chains, in the order in which they are found after their commit.

Nobody waits for this: an insertion takes no lock for the chain, so two writers of one country can't stand in each
other's way. Until a row is sealed, some seconds, its code alone proves it (ADR 25).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from core.actors import SYSTEM
from core.audit import chain
from core.audit.models import AuditHead, AuditRow, AuditSeal
from core.db import as_actor
from core.walls.session import working

_LOCK = 0x41554449
BATCH = 2000
# A row whose number was drawn longer ago than this has been committed or will never be, for the quick look; the
# thorough one doesn't rely on it.
LONGEST_TRANSACTION = timedelta(hours=1)


def seal(*, thorough: bool = False) -> int:
    """Seal what is not sealed yet, and sign the new heads; how many rows. 0 while somebody else is sealing.

    `thorough` looks at every row and not only at those since the last hour.
    """
    sealed = 0
    with working():
        while done := _seal_some(thorough):
            sealed += done
    return sealed


def _seal_some(thorough: bool) -> int:
    with as_actor(SYSTEM):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        rows = list(unsealed(0 if thorough else _sealed_for_long())[:BATCH])
        if rows:
            _seal(rows)
        return len(rows)


def unsealed(after: int = 0) -> QuerySet[AuditRow]:
    """The rows with a greater key that have no seal, by key."""
    sealed = AuditSeal.objects.filter(row_id=OuterRef("pk"))
    return AuditRow.objects.filter(~Exists(sealed), pk__gt=after).order_by("pk")


def _sealed_for_long() -> int:
    """A key up to which nothing can be unsealed."""
    old = AuditHead.objects.filter(at__lt=timezone.now() - LONGEST_TRANSACTION)
    return old.aggregate(found=Max("row_id"))["found"] or 0


def _seal(rows: Iterable[AuditRow]) -> None:
    of_country: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows:
        of_country[row.country].append(row)
    unproven = _unproven()
    seals, heads = [], []
    for country, found in sorted(of_country.items()):
        last = AuditSeal.objects.filter(country=country).order_by("-position", "-pk").first()
        position, before = (last.position, last.hash) if last is not None else (0, "")
        for row in found:
            position += 1
            before = chain.hash_after(before, position, row)
            seals.append(AuditSeal(country=country, position=position, row_id=row.pk, hash=before))
        head = AuditHead(
            country=country,
            position=position,
            hash=before,
            row_id=found[-1].pk,
            unproven=unproven,
            at=timezone.now(),
        )
        chain.sign(head)
        heads.append(head)
    AuditSeal.objects.bulk_create(seals)
    AuditHead.objects.bulk_create(heads)


def _unproven() -> int:
    """Up to which key rows were there before the chain: decided once, at the first sealing of all."""
    first = AuditHead.objects.order_by("pk").first()
    if first is not None:
        return first.unproven
    return AuditRow.objects.filter(mac="").aggregate(found=Max("pk"))["found"] or 0
