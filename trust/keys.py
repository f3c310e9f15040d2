"""Keys by which ministries sign: registered, changed with an overlap, revoked, published; and signing with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from documents import hcert
from trust.models import SigningKey
from trust.signers import bytes_of, signer, text_of

#: A key is published so long before it signs, so that who verifies without a network has it by then.
OVERLAP = timedelta(days=1)


class Genuine(StrEnum):
    """What is found of a QR code's signature."""

    YES = "genuine"
    TAMPERED = "tampered"
    UNKNOWN_KEY = "unknown_key"
    REVOKED_KEY = "revoked_key"


@dataclass(frozen=True, slots=True)
class Finding:
    """How a QR code was found, and what it says where it is genuine."""

    genuine: Genuine
    content: dict[str, Any]


def to_sign_with(country: str, now: datetime | None = None) -> SigningKey | None:
    """The ministry's newest key that may sign now and whose private half is at hand; None where there is none."""
    now = now or timezone.now()
    at_hand = [key.id for key in signer().public()]
    rows = SigningKey.objects.filter(
        Q(retired_at__isnull=True) | Q(retired_at__gt=now),
        pk__in=at_hand,
        country=country,
        signs_from__lte=now,
        revoked_at__isnull=True,
    )
    return rows.order_by("-signs_from", "pk").first()


def sign(claims: hcert.Claims, key: SigningKey) -> str:
    """The text of a QR code, signed."""
    own = signer()
    return hcert.write(claims, key_id=bytes_of(key.pk), sign=lambda content: own.sign(key.pk, content))


def look_at(text: str) -> Finding:
    """Whether a QR code is genuine, by the keys that are known here. Raises hcert.Malformed for none at all.

    A key that another country holds than the one that the code says it is from signs nothing for it.
    """
    token = hcert.read(text)
    key = SigningKey.objects.filter(pk=text_of(token.key_id)[:11]).first()
    if key is None:
        return Finding(Genuine.UNKNOWN_KEY, {})
    if not _has_signed(key, token) or token.claims.get(1) != key.country:
        return Finding(Genuine.TAMPERED, {})
    if key.revoked_at is not None:
        return Finding(Genuine.REVOKED_KEY, {})
    return Finding(Genuine.YES, dict(token.content))


def _has_signed(key: SigningKey, token: hcert.Token) -> bool:
    x, y = (int.from_bytes(bytes_of(number), "big") for number in (key.x, key.y))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    if len(token.signature) != 64:
        return False
    r, s = (int.from_bytes(part, "big") for part in (token.signature[:32], token.signature[32:]))
    try:
        public.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@action
def register(*, by: Actor) -> list[SigningKey]:
    """Publish the keys that are at hand and not known yet; those that are new. Safe to repeat.

    A ministry's only one signs at once, another one after `OVERLAP`, while the one before goes on.
    """
    now = timezone.now()
    known = set(SigningKey.objects.values_list("pk", flat=True))
    new = []
    for public in signer().public():
        if public.id in known:
            continue
        overlaps = to_sign_with(public.country, now) is not None
        row = SigningKey.objects.create(
            id=public.id,
            country=public.country,
            x=public.x,
            y=public.y,
            registered_at=now,
            signs_from=now + OVERLAP if overlaps else now,
        )
        known.add(public.id)
        record("signing_key.register", by=by, subject=row, country=row.country)
        new.append(row)
    return new


@action
def retire(key_id: str, *, by: Actor) -> SigningKey:
    """Let a key sign no more. What it has signed stays genuine."""
    row = _locked(key_id)
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        record("signing_key.retire", by=by, subject=row, country=row.country)
    return row


@action
def revoke(key_id: str, *, because: str, by: Actor) -> SigningKey:
    """Let a key sign no more, and nothing that it has signed be genuine: it may be in other hands."""
    row = _locked(key_id)
    if not (text := because.strip()):
        raise Invalid({"because": [_("Say why the key is revoked.")]})
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.revoked_because = text[:200]
        row.save(update_fields=["revoked_at", "revoked_because"])
        record("signing_key.revoke", by=by, subject=row, country=row.country)
    return row


def _locked(key_id: str) -> SigningKey:
    row = SigningKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise Invalid({"key": [_("No key has this id.")]})
    return row


def lacking(countries: list[str]) -> list[str]:
    """The countries whose ministry has no key that can sign now."""
    return [country for country in countries if to_sign_with(country) is None]


def published(country: str = "") -> dict[str, Any]:
    """The list of keys as a DID document (did:web): every ministry's, or one's. None of them for a country without."""
    host = quote(urlsplit(settings.PUBLIC_URL).netloc, safe=".-")
    base = f"did:web:{host}:trust"
    own = f"{base}:{country}" if country else base
    rows = SigningKey.objects.order_by("country", "-signs_from", "pk")
    keys = list(rows.filter(country=country) if country else rows)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": own,
        "verificationMethod": [_method(key, own, f"{base}:{key.country}") for key in keys],
        "assertionMethod": [f"{own}#{key.pk}" for key in keys if key.revoked_at is None],
    }


def _method(key: SigningKey, document: str, controller: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": f"{document}#{key.pk}",
        "type": "JsonWebKey2020",
        "controller": controller,
        "publicKeyJwk": {
            "kty": "EC",
            "crv": "P-256",
            "alg": "ES256",
            "use": "sig",
            "kid": key.pk,
            "x": key.x,
            "y": key.y,
        },
        "issuer": key.country,
        "signsFrom": _moment(key.signs_from),
    }
    if key.retired_at is not None:
        told["signsUntil"] = _moment(key.retired_at)
    if key.revoked_at is not None:
        told["revoked"] = _moment(key.revoked_at)
    return told


def _moment(value: datetime) -> str:
    return value.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%SZ")
