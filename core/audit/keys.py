"""The keys of the audit log: one secret in the environment, of which two are made. The database has neither.

One authenticates each row as the portal's own, the other signs the head of a chain (Ed25519, RFC 8032). Earlier keys
are still believed, and sign nothing.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LENGTH = 32  # bytes


@dataclass(frozen=True)
class Key:
    """A secret of 32 bytes and what follows from it. `id` is public: the beginning of the public key's hash."""

    secret: bytes = field(repr=False)
    id: str
    _signing: Ed25519PrivateKey = field(repr=False)
    _rows: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Key":
        """Read a secret in base64. ImproperlyConfigured for anything that is none."""
        try:
            secret = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != LENGTH:
            raise ImproperlyConfigured(
                "AUDIT_KEY must be 32 random bytes in base64, for instance from: "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        signing = Ed25519PrivateKey.from_private_bytes(secret)
        public = signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        rows = hmac.digest(secret, b"portal audit row", "sha256")
        return cls(secret, hashlib.sha256(public).hexdigest()[:16], signing, rows)

    def mac(self, content: bytes) -> str:
        """What only somebody with the key can say of a row: 64 hexadecimal digits."""
        return hmac.digest(self._rows, content, "sha256").hex()

    def sign(self, content: bytes) -> str:
        return base64.b64encode(self._signing.sign(content)).decode()

    def has_signed(self, content: bytes, signature: str) -> bool:
        try:
            self._signing.public_key().verify(base64.b64decode(signature), content)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True


@lru_cache(maxsize=16)
def _key(text: str) -> Key:
    return Key.of(text)


def current() -> Key:
    """The key that authenticates and signs now."""
    return _key(settings.AUDIT_KEY)


def known() -> list[Key]:
    """Every key that is believed, the current one first."""
    return [_key(text) for text in (settings.AUDIT_KEY, *settings.AUDIT_KEY_FALLBACKS)]
