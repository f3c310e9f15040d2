"""What a row says, as bytes, and how the rows of a country hang together.

A row is authenticated when it is written (`authenticate`: nothing that has no key can add one), and gets its place in
its country's chain when it is sealed: each seal holds the hash of the row and of the seal before. Everything is
worked out here and not in the database, whose administrator is one of those against whom it stands.
"""

import hashlib
import hmac
import json
import secrets
from datetime import UTC

from core.audit import keys
from core.audit.models import AuditHead, AuditRow

_NONCE = 32  # characters


def authenticate(row: AuditRow) -> None:
    """Put onto a new row what proves that the portal wrote it, and wrote it once."""
    nonce = secrets.token_hex(_NONCE // 2)
    row.mac = nonce + keys.current().mac(_said(row, nonce))


def is_authentic(row: AuditRow) -> bool:
    """Whether a holder of one of the known keys wrote what the row says. Key and moment are the database's."""
    nonce, mac = row.mac[:_NONCE], row.mac[_NONCE:]
    content = _said(row, nonce)
    return any(hmac.compare_digest(key.mac(content), mac) for key in keys.known())


def hash_after(before: str, position: int, row: AuditRow) -> str:
    """The hash at this place of a chain: of the hash before, the place and everything that the row says."""
    content = [before, position, row.pk, row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.mac]
    return hashlib.sha256(_bytes(content) + _said(row, "")).hexdigest()


def head_content(head: AuditHead) -> bytes:
    """What is signed of a head."""
    return _bytes(
        [
            head.country,
            head.position,
            head.hash,
            head.row_id,
            head.unproven,
            head.key,
            head.at.astimezone(UTC).isoformat(),
        ]
    )


def sign(head: AuditHead) -> None:
    """Sign a new head with the current key."""
    key = keys.current()
    head.key = key.id
    head.signature = key.sign(head_content(head))


def is_signed(head: AuditHead) -> bool:
    """Whether one of the known keys has signed this head."""
    content = head_content(head)
    return any(key.id == head.key and key.has_signed(content, head.signature) for key in keys.known())


def _said(row: AuditRow, nonce: str) -> bytes:
    # As the database gives it back: a tuple is a list by then, and a number as a name is a text.
    details = json.loads(json.dumps(row.details))
    return _bytes(
        [
            nonce,
            row.action,
            row.actor_kind,
            row.actor_id,
            row.actor_label,
            row.organisation_id,
            row.country,
            row.subject_type,
            row.subject_id,
            details,
            row.request_id,
        ]
    )


def _bytes(content: object) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
