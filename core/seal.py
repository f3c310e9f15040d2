"""Sealing what must not be readable where it lies: encrypted and signed by a key that is made from the portal's own."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _box(purpose: str) -> MultiFernet:
    """Sealed by the present key, opened by earlier ones too (SECRET_KEY_FALLBACKS)."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    made = [hashlib.blake2b(purpose.encode(), key=key.encode()[:64], digest_size=32).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in made])


def seal(value: Any, purpose: str) -> bytes:
    """What JSON can hold, sealed; it opens for the same purpose only."""
    return _box(purpose).encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes | memoryview, purpose: str) -> Any:
    """What was sealed for this purpose; None for anything else."""
    try:
        return json.loads(_box(purpose).decrypt(bytes(sealed)))
    except (InvalidToken, ValueError):
        return None
