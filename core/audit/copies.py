"""The signed heads outside the database: one file for each country, a head a line, which only ever grows.

A head that is known here can't be taken back inside the database: whoever cuts the chain's end off there is found.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.actors import SYSTEM
from core.audit.models import AuditHead
from core.db import as_actor
from core.walls.session import working

_FIELDS = ("country", "position", "hash", "row_id", "unproven", "key", "signature")
_PORTAL = "portal"  # the chain of what concerns no country


def copy() -> int:
    """Append the heads that the files lack; how many. OSError where they can't be written."""
    folder: Path = settings.AUDIT_COPIES
    folder.mkdir(parents=True, exist_ok=True)
    with working(), as_actor(SYSTEM):
        countries = list(AuditHead.objects.order_by("country").values_list("country", flat=True).distinct())
        return sum(_copy(folder / _name(country), country) for country in countries)


def _copy(file: Path, country: str) -> int:
    # Opened for appending, so that nothing that stands there is ever written over; readable to the portal alone.
    with os.fdopen(
        os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+", encoding="utf-8"
    ) as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another worker may copy at the same time
        heads = AuditHead.objects.filter(country=country, position__gt=_last_position(file))
        lines = [_line(head) for head in heads.order_by("position", "pk")]
        held.write(_unfinished(file) + "".join(lines))
        held.flush()
        os.fsync(held.fileno())
    return len(lines)


def _last_position(file: Path) -> int:
    """Of the file's last whole line; a line that a crash cut short is followed by its head anew."""
    size = file.stat().st_size
    with file.open("rb") as read:
        read.seek(max(0, size - 4096))
        for line in reversed(read.read().splitlines()):
            try:
                return int(json.loads(line)["position"])
            except (ValueError, KeyError, TypeError):
                continue
    return 0


def _unfinished(file: Path) -> str:
    """What ends a line that a crash has cut short."""
    with file.open("rb") as read:
        read.seek(max(0, file.stat().st_size - 1))
        return "\n" if read.read() not in {b"", b"\n"} else ""


def _line(head: AuditHead) -> str:
    facts = {name: getattr(head, name) for name in _FIELDS} | {"at": head.at.isoformat()}
    return json.dumps(facts, sort_keys=True) + "\n"


def copied() -> Iterator[tuple[Path, int, AuditHead | None]]:
    """Every line of every file, with its number: the head that it holds, None for a line that holds none."""
    for file in sorted(settings.AUDIT_COPIES.glob("*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
            try:
                facts = json.loads(line)
                facts["at"] = datetime.fromisoformat(facts["at"])
                head = AuditHead(**facts)
            except (ValueError, KeyError, TypeError):
                yield file, number, None
            else:
                yield file, number, head


def _name(country: str) -> str:
    return f"{country or _PORTAL}.jsonl"
