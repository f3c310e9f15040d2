"""What was refused, in the audit log: denials, failed sign-ins, refused tokens, with address and account.

The same, refused to the same account from the same address, is one row for the first time and one more, with the number
of times, when the minute is over. Beyond MOST of a kind in one minute the rest is one row together.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.audit.log import record
from core.audit.models import RefusalCount
from core.db import as_actor, current_actor, keep

MOST = 200
"""Rows of one kind within a minute that are told apart."""
ACTIONS = frozenset(
    {
        "account.sign_in_failed",
        "account.sign_in_delayed",
        "account.second_factor_failed",
        "account.password_guess",
        "refused.page",
        "refused.api",
        "refused.token",
        "refused.token_request",
    }
)
#: Stands for one whom nobody knows: a wrong user name, an unknown token.
NOBODY = Actor(kind="person", id="", label="")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused (an action's code), to whom, from which address; `where` names the page or operation."""

    action: str
    by: Actor
    address: str
    where: str = ""


def note(refusal: Refusal) -> None:
    """Count the refusal, and write it down if it is the first of its minute.

    It stays though the request that was refused is undone.
    """
    assert refusal.action in ACTIONS, refusal.action
    if current_actor() is not None:
        keep(lambda: _note(refusal))
    else:
        with as_actor(SYSTEM):
            _note(refusal)


def _note(refusal: Refusal) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    by = refusal.by
    key = _key(refusal.action, by.kind, by.id, refusal.address)
    known = RefusalCount.objects.filter(minute=minute, key=key).exists()
    if not known and RefusalCount.objects.filter(minute=minute, action=refusal.action).count() >= MOST:
        refusal = Refusal(refusal.action, NOBODY, "")
        key = _key(refusal.action, "others")
    row = {
        "kind": refusal.by.kind,
        "id": refusal.by.id,
        "label": refusal.by.label,
        "organisation": refusal.by.organisation_id,
        "country": refusal.by.country,
        "address": refusal.address,
    }
    if _count(minute, key, refusal.action, row) == 1:
        _write(refusal.action, row, {"where": refusal.where} if refusal.where else {})


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _count(minute: Any, key: str, action: str, row: dict[str, Any]) -> int:
    """One more, in one statement: two at the same moment are both counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_refusalcount (minute, key, action, times, row) VALUES (%s, %s, %s, 1, %s) "
            "ON CONFLICT (minute, key) DO UPDATE SET times = audit_refusalcount.times + 1 RETURNING times",
            [minute, key, action, json.dumps(row)],
        )
        return int(cursor.fetchone()[0])


def _write(action: str, row: dict[str, Any], more: dict[str, Any]) -> None:
    by = Actor(
        kind=row["kind"],
        id=row["id"],
        label=row["label"],
        organisation_id=row["organisation"],
        country=row["country"],
    )
    record(action, by=by, details={"address": row["address"], **more})


def close_minutes() -> int:
    """Write what was counted beyond the first time in minutes that are over, and forget the counts. How many rows."""
    now = timezone.now().replace(second=0, microsecond=0)
    over = list(
        RefusalCount.objects.select_for_update(skip_locked=True)
        .filter(minute__lt=now)
        .order_by("minute", "pk")[:5000]
    )
    written = 0
    for one in over:
        if one.times > 1:
            _write(one.action, one.row, {"times": one.times - 1, "minute": one.minute.isoformat()})
            written += 1
    RefusalCount.objects.filter(pk__in=[one.pk for one in over]).delete()
    return written
