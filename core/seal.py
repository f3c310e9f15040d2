"""Sealing what must not be readable where it lies: by the keys of `core.sealed`, for one purpose each."""

import json
from typing import Any

from core.sealed.box import Unreadable, open_text, seal_text


def seal(value: Any, purpose: str) -> bytes:
    """What JSON can hold, sealed; it opens for the same purpose only."""
    return seal_text(json.dumps(value, ensure_ascii=False), purpose).encode()


def unseal(sealed: bytes | memoryview, purpose: str) -> Any:
    """What was sealed for this purpose; None for anything else."""
    try:
        text = open_text(bytes(sealed).decode(), purpose)
        return json.loads(text) if text else None
    except (Unreadable, ValueError):
        return None
