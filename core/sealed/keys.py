"""The keys that seal, and those of the blind indexes. The database has none of them.

Where they come from is `settings.KEYS_FROM`: the environment, or a class of the operator's own that asks a key
management service once at the start. A key's id is made from the key, so that no id can stand for two keys.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

LENGTH = 32  # bytes: AES-256, HMAC-SHA-256


class KeyService(Protocol):
    """Where the keys come from. Secrets of 32 bytes in base64, the present one first, earlier ones behind it."""

    def data_keys(self) -> list[str]:
        """Those that seal."""
        ...

    def index_keys(self) -> list[str]:
        """Those of the blind indexes."""
        ...


class Environment:
    """From DATA_KEY, INDEX_KEY and their FALLBACKS, as the settings have read them."""

    def data_keys(self) -> list[str]:
        return [settings.DATA_KEY, *settings.DATA_KEY_FALLBACKS]

    def index_keys(self) -> list[str]:
        return [settings.INDEX_KEY, *settings.INDEX_KEY_FALLBACKS]


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes for one use. `id`: eight hexadecimal digits that tell nothing of it."""

    secret: bytes = field(repr=False)
    id: str

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.secret)


@lru_cache(maxsize=64)
def _key(text: str, use: str) -> Key:
    try:
        secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != LENGTH:
        raise ImproperlyConfigured(
            f"A {use} key must be 32 random bytes in base64, for instance from: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return Key(secret, hmac.digest(secret, f"portal {use} key".encode(), "sha256").hex()[:8])


@lru_cache(maxsize=4)
def _service(path: str) -> KeyService:
    service: KeyService = import_string(path)()
    return service


def data_keys() -> list[Key]:
    """The keys that open what is sealed; the first one seals."""
    return [_key(text, "data") for text in _service(settings.KEYS_FROM).data_keys()]


def index_keys() -> list[Key]:
    """The keys by which a blind index may have been made; new ones are made by the first."""
    return [_key(text, "index") for text in _service(settings.KEYS_FROM).index_keys()]
