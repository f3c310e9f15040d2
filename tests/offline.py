"""Verifies a certificate as a border without a network does: by the published keys, with no code of the portal."""

import base64
import zlib
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SKEW = 300
"""Seconds by which a reader's clock may be wrong."""


class Refused(Exception):
    """Why a certificate isn't believed."""


def unbase45(text: str) -> bytes:
    out = bytearray()
    for at in range(0, len(text), 3):
        chunk = [LETTERS.index(letter) for letter in text[at : at + 3]]
        number = sum(digit * 45**place for place, digit in enumerate(chunk))
        out += number.to_bytes(1 if len(chunk) == 2 else 2, "big")
    return bytes(out)


def unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def verify(text: str, document: dict[str, Any], now: float) -> dict[Any, Any]:
    """The claims. Raises Refused: unknown key, revoked key, signature, issuer, not yet, expired."""
    assert text[:4] == "HC1:"
    message = cbor2.loads(zlib.decompress(unbase45(text[4:])))
    assert message.tag == 18
    protected, _unprotected, payload, signature = message.value
    header = cbor2.loads(protected)
    assert header[1] == -7
    known = {method["publicKeyJwk"]["kid"]: method for method in document["verificationMethod"]}
    method = known.get(base64.urlsafe_b64encode(header[4]).decode().rstrip("="))
    if method is None:
        raise Refused("unknown key")
    if "revoked" in method:
        raise Refused("revoked key")
    jwk = method["publicKeyJwk"]
    x, y = (int.from_bytes(unbase64(jwk[name]), "big") for name in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    der = utils.encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )
    try:
        key.verify(der, cbor2.dumps(["Signature1", protected, b"", payload]), ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise Refused("signature") from error
    claims = cbor2.loads(payload)
    if claims[1] != method["issuer"]:
        raise Refused("issuer")
    if now < claims[5] - SKEW:
        raise Refused("not yet")
    if now >= claims[4] + SKEW:
        raise Refused("expired")
    return dict(claims)
