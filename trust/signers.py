"""Where private keys are: in the environment, or in a machine that signs and never gives them away.

`settings.PAPER_SIGNER` names a class with the two methods of `Signer`; one for a key store of the ministry's own (a KMS
or an HSM) is written against the same two.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

_SIZE = 32  # bytes of a number on P-256
_HOW = (
    "SIGNING_KEYS must be like KZ:…,KG:…,UZ:… with 32 random bytes in base64 after each colon, for instance from: "
    "manage.py signing_keys make KZ"
)


@dataclass(frozen=True, slots=True)
class Public:
    """A public key: whose it is, its id, and its point in base64url."""

    country: str
    id: str
    x: str
    y: str


class Signer(Protocol):
    """What holds private keys."""

    def public(self) -> list[Public]:
        """The public halves of the keys that it can sign with."""

    def sign(self, key_id: str, content: bytes) -> bytes:
        """ES256: the 64 bytes r‖s. Raises KeyError for a key that it doesn't hold."""


class EnvironmentSigner:
    """The private keys of `settings.SIGNING_KEYS`, which come from the environment."""

    def __init__(self) -> None:
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._halves: list[Public] = []
        for text in settings.SIGNING_KEYS:
            country, key = private_of(text)
            public = public_of(country, key.public_key())
            self._keys[public.id] = key
            self._halves.append(public)

    def public(self) -> list[Public]:
        return list(self._halves)

    def sign(self, key_id: str, content: bytes) -> bytes:
        r, s = decode_dss_signature(self._keys[key_id].sign(content, ec.ECDSA(SHA256())))
        return r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")


def private_of(text: str) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """`KZ:<secret>` as a country and its key. ImproperlyConfigured for anything else."""
    country, _colon, secret = text.strip().partition(":")
    try:
        number = int.from_bytes(raw := base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)), "big")
        if len(raw) != _SIZE or len(country) != 2 or not country.isupper():
            raise ImproperlyConfigured(_HOW)
        return country, ec.derive_private_key(number, ec.SECP256R1())
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(_HOW) from error


def public_of(country: str, key: ec.EllipticCurvePublicKey) -> Public:
    """The public half as it is published."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    point = key.public_numbers()
    return Public(
        country,
        text_of(hashlib.sha256(der).digest()[:8]),
        text_of(point.x.to_bytes(_SIZE, "big")),
        text_of(point.y.to_bytes(_SIZE, "big")),
    )


def text_of(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signer() -> Signer:
    """The one that the settings name."""
    return _signer(settings.PAPER_SIGNER, tuple(settings.SIGNING_KEYS))


@lru_cache(maxsize=8)
def _signer(name: str, _keys: tuple[str, ...]) -> Signer:
    made: Signer = import_string(name)()
    return made
