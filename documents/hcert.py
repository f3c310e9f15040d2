"""HCERT: what a QR code carries so that it can be verified without a network (WHO SMART Trust, HCERT 1.1.1).

Claims as a CBOR web token (RFC 8392), signed as COSE_Sign1 with ES256 (RFC 9052), deflated, in base45, after `HC1:`.
Pure: who signs, and whose signature is believed, is handed in.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cbor2

from documents import base45

PREFIX = "HC1:"
_SIGN1 = 18  # the CBOR tag of COSE_Sign1
_ALGORITHM, _KEY_ID, _ES256 = 1, 4, -7
_ISSUER, _EXPIRES, _NOT_BEFORE, _ISSUED, _HCERT = 1, 4, 5, 6, -260
#: The entry of the claim `hcert` that is ours: a private one, since none is registered for authorisations of care.
AUTHORISATION = -65537
#: A code that a camera reads has far less; more than this nobody unpacks.
LONGEST, LARGEST = 4000, 16_000


class Malformed(ValueError):
    """A text that is no HCERT."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Who says what, and when it holds. `content` holds texts and numbers alone."""

    issuer: str
    issued: datetime
    not_before: datetime
    expires: datetime
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Token:
    """What was read from a QR code. Nothing of it is true before `signature` was verified over `signed`."""

    key_id: bytes
    claims: Mapping[Any, Any]
    signed: bytes
    signature: bytes

    @property
    def content(self) -> Mapping[str, Any]:
        """Our own part of it, empty where there is none."""
        within = self.claims.get(_HCERT)
        found = within.get(AUTHORISATION) if isinstance(within, dict) else None
        return found if isinstance(found, dict) else {}


def write(claims: Claims, *, key_id: bytes, sign: Callable[[bytes], bytes]) -> str:
    """The text for the QR code. `sign` gives the 64 bytes r‖s of a signature with ES256."""
    protected = cbor2.dumps({_ALGORITHM: _ES256, _KEY_ID: key_id})
    payload = cbor2.dumps(
        {
            _ISSUER: claims.issuer,
            _EXPIRES: int(claims.expires.timestamp()),
            _NOT_BEFORE: int(claims.not_before.timestamp()),
            _ISSUED: int(claims.issued.timestamp()),
            _HCERT: {AUTHORISATION: dict(claims.content)},
        }
    )
    signature = sign(_to_be_signed(protected, payload))
    message = cbor2.dumps(cbor2.CBORTag(_SIGN1, [protected, {}, payload, signature]))
    return PREFIX + base45.encode(zlib.compress(message, 9))


def read(text: str) -> Token:
    """Take a text apart. Raises Malformed, whatever somebody wrote there."""
    text = text.strip()
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise Malformed("no HCERT")
    try:
        packed = zlib.decompressobj()
        content = packed.decompress(base45.decode(text[len(PREFIX) :]), LARGEST)
        if not packed.eof:
            raise Malformed("cut off, or too large")
        message = cbor2.loads(content)
        protected, unprotected, payload, signature = (
            message.value if isinstance(message, cbor2.CBORTag) else message
        )
        head, claims = cbor2.loads(protected), cbor2.loads(payload)
        key_id = head.get(_KEY_ID, unprotected.get(_KEY_ID))
        if head.get(_ALGORITHM) != _ES256 or not all(
            isinstance(part, bytes) for part in (key_id, protected, payload, signature)
        ):
            raise Malformed("another algorithm")
        if not isinstance(claims, dict):
            raise Malformed("no claims")
    except Malformed:
        raise
    except Exception as error:  # written by anybody: each part of it may be anything
        raise Malformed("no HCERT") from error
    return Token(key_id, claims, _to_be_signed(protected, payload), signature)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])
