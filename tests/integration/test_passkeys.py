"""Passkeys, with an authenticator in software: it makes a key, and signs the portal's challenges with it."""

import base64
import hashlib
import json
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django_otp_webauthn.models import WebAuthnCredential

from core.accounts.models import Authenticator
from tests.factories.facilities import World
from tests.factories.sign_ins import make_authenticator, sign_in

pytestmark = pytest.mark.django_db
OPTIONS, ADD = reverse("accounts:passkey_options"), reverse("accounts:passkey_add")
CHALLENGE, SHOW = reverse("accounts:passkey_challenge"), reverse("accounts:passkey_show")
ORIGIN, DOMAIN = "http://localhost:8000", "localhost"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Key:
    """A security key (FIDO2) with one passkey."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.count = 0

    def _data(self, flags: int) -> bytes:
        self.count += 1
        return hashlib.sha256(DOMAIN.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        ).encode()

    def make(self, challenge: str) -> dict[str, Any]:
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        data = self._data(0x45) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._sent(
            {
                "clientDataJSON": text(self._client("webauthn.create", challenge, ORIGIN)),
                "attestationObject": text(cbor2.dumps(made)),
                "transports": ["usb"],
            }
        )

    def show(self, challenge: str, origin: str = ORIGIN) -> dict[str, Any]:
        data, client = self._data(0x05), self._client("webauthn.get", challenge, origin)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._sent(
            {"clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signed)}
        )

    def _sent(self, response: dict[str, Any]) -> dict[str, Any]:
        found = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        return {**found, "clientExtensionResults": {}}


def post(client: Client, path: str, content: Any = None) -> Any:
    return client.post(path, json.dumps(content or {}), content_type="application/json")


def test_a_passkey_is_the_second_factor(world: World, settings: Any) -> None:
    settings.OTP_WEBAUTHN_RP_ID, settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = DOMAIN, [ORIGIN]
    officer, client, key = world.users["officer_kz"], Client(), Key()
    sign_in(client, officer)
    options = post(client, OPTIONS).json()
    assert options["rp"]["id"] == DOMAIN
    content = {"credential": key.make(options["challenge"]), "name": "my key"}
    assert post(client, ADD, content).json() == {"to": reverse("accounts:recovery_codes")}
    assert post(client, ADD, content).status_code == 422, "a challenge counts once"
    assert client.get("/referrals/decisions/").status_code == 200
    assert WebAuthnCredential.objects.get(user=officer).name == "my key"

    again = Client()
    sign_in(again, officer)
    assert "data-passkey" in again.get(reverse("accounts:second_step")).content.decode()
    assert post(again, OPTIONS).status_code == 403, "none is added before one is shown"
    challenge = post(again, CHALLENGE).json()["challenge"]
    for wrong in (
        {"credential": key.show(challenge, "https://portal.example.net")},
        {"credential": Key().show(challenge)},
        {"credential": "x"},
        {},
        [],
    ):
        assert post(again, SHOW, wrong).status_code == 422
        challenge = post(again, CHALLENGE).json()["challenge"]
    shown = key.show(challenge)
    answer = post(again, f"{SHOW}?next=/referrals/decisions/", {"credential": shown})
    assert answer.json() == {"to": "/referrals/decisions/"}
    assert again.get("/referrals/decisions/").status_code == 200
    post(again, CHALLENGE)
    assert post(again, SHOW, {"credential": shown}).status_code == 422, "an answer to another challenge"

    # Somebody else's key opens nothing.
    other, stranger = world.users["officer_kg"], Client()
    make_authenticator(other)
    sign_in(stranger, other)
    challenge = post(stranger, CHALLENGE).json()["challenge"]
    assert post(stranger, SHOW, {"credential": key.show(challenge)}).status_code == 422
    assert stranger.get("/referrals/decisions/").status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()
