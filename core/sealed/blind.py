"""The keyed hash by which a sealed value is found: HMAC-SHA-256 with a key of its own, 128 bits of it.

Whoever has the database without the key can neither read a number from it nor try all numbers until one fits. Equal
values have equal hashes: that much the database tells, ADR 27 says why that is taken into account.
"""

import base64
import hashlib
import hmac
from typing import Any

from django.db import connection

from core.sealed.keys import Key, index_keys

_BYTES = 16


def _made(key: Key, parts: tuple[Any, ...]) -> str:
    content = "\0".join(str(part) for part in parts).encode()
    digest = hmac.digest(key.secret, content, "sha256")[:_BYTES]
    return f"{key.id}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def blind_index(*parts: Any) -> str:
    """The hash with which a value is written: its purpose, what belongs to it, the value."""
    return _made(index_keys()[0], parts)


def blind_indexes(*parts: Any) -> list[str]:
    """Every hash that a stored value may have: one, but for the days in which the key changes."""
    return [_made(key, parts) for key in index_keys()]


def hold(*parts: Any) -> None:
    """Wait for whoever writes an equal value now, until the end of their transaction and then of ours."""
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])


def index_key_changes() -> bool:
    """Whether there are values with the hash of an earlier key: the table's rule then can't see that two are equal."""
    return len(index_keys()) > 1
