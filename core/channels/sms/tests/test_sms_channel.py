"""SMS: whom it reaches, what production must say about it, and a gateway that refuses."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from core.channels.protocol import Letter, Recipient, Undeliverable
from core.channels.sms import CHANNEL
from core.channels.sms.environment import read

ROOT = Path(__file__).resolve().parents[4]
LETTER = Letter(reference="0b7e", address="+77990000001", language="ru", subject="Тема", body="Текст.")
HERE = __name__


class Gateway:
    """A gateway of tests, which takes no number that ends in 9."""

    taken: list[dict[str, str]] = []

    def send(self, *, to: str, text: str, reference: str) -> None:
        if to.endswith("9"):
            raise Undeliverable("refused")
        self.taken.append({"to": to, "text": text, "reference": reference})


class NoGateway:
    """A class that can't send."""


def test_whom_it_reaches() -> None:
    assert CHANNEL.address_of(Recipient(key="p", language="ru", phone="+7")) == "+7"
    assert CHANNEL.address_of(Recipient(key="p", language="ru", email="a@example.org")) is None
    assert CHANNEL.address_of(Recipient(key="u", language="ru", user_id=1, phone="+7")) is None


def test_the_text_goes_to_the_gateway_and_a_refused_number_is_known(settings: Any) -> None:
    settings.SMS_BACKEND = f"{HERE}.Gateway"
    CHANNEL.send(LETTER)
    assert Gateway.taken == [{"to": LETTER.address, "text": "Текст.", "reference": "0b7e"}]
    with pytest.raises(Undeliverable, match="refused"):
        CHANNEL.send(Letter(reference="1", address="+9", language="ru", subject="", body=""))


def test_off_sends_nothing_and_says_so(settings: Any, tmp_path: Path) -> None:
    settings.SMS_DIR = tmp_path
    CHANNEL.send(LETTER)
    kept = json.loads((tmp_path / "0b7e.json").read_text("utf-8"))
    assert (kept["to"], kept["text"]) == (LETTER.address, "Текст.")
    settings.SMS_BACKEND = "off"
    (tmp_path / "0b7e.json").unlink()
    with pytest.raises(Undeliverable, match="channel_off"):
        CHANNEL.send(LETTER)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "SMS_BACKEND is missing"),
        (" ", "SMS_BACKEND is missing"),
        ("core.channels.sms.backends.ConsoleBackend", "which sends nothing"),
        ("core.channels.sms.backends.FileBackend", "which sends nothing"),
    ],
)
def test_production_names_a_gateway_or_says_off(
    value: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env = environ.Env()
    monkeypatch.setenv("SMS_BACKEND", value)
    with pytest.raises(ImproperlyConfigured, match=words):
        read(env, production=True, state_dir=tmp_path)
    if value.strip():
        assert read(env, production=False, state_dir=tmp_path)["SMS_BACKEND"] == value
    for accepted in ("off", "ministry.gateway.Sms"):
        monkeypatch.setenv("SMS_BACKEND", accepted)
        assert read(env, production=True, state_dir=tmp_path)["SMS_BACKEND"] == accepted


def test_without_the_variable_only_production_stands_still(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SMS_BACKEND", raising=False)
    assert read(environ.Env(), production=False, state_dir=tmp_path) == {
        "SMS_BACKEND": "core.channels.sms.backends.FileBackend",
        "SMS_DIR": tmp_path / "demo" / "sms",
    }
    with pytest.raises(ImproperlyConfigured):
        read(environ.Env(), production=True, state_dir=tmp_path)


def test_the_portal_itself_refuses_to_start() -> None:
    """The settings of production, in a process of their own."""
    given = {
        "PATH": os.environ["PATH"],
        "DJANGO_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": secrets.token_urlsafe(32),
        "DATA_KEY": secrets.token_urlsafe(32),
        "INDEX_KEY": secrets.token_urlsafe(32),
        "SIGNING_KEYS": ",".join(f"{country}:{secrets.token_urlsafe(32)}" for country in ("KG", "KZ", "UZ")),
        "AUDIT_COPIES": "/nowhere",
        "PUBLIC_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "DATABASE_URL": "postgres:///portal",
        "REDIS_URL": "unix:///run/valkey.sock",
        "EMAIL_URL": "smtp://127.0.0.1:9",
    }
    start = [sys.executable, "-c", "import portal.settings"]
    refused = subprocess.run(start, cwd=ROOT, env=given, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "SMS_BACKEND is missing" in refused.stderr
    started = subprocess.run(
        start, cwd=ROOT, env={**given, "SMS_BACKEND": "off"}, capture_output=True, check=False
    )
    assert started.returncode == 0, started.stderr


@pytest.mark.django_db
def test_a_gateway_that_is_not_there_fails_the_system_check(settings: Any) -> None:
    def found() -> list[str | None]:
        return [message.id for message in run_checks() if (message.id or "").startswith("sms.")]

    assert found() == []
    settings.SMS_BACKEND = "ministry.gateway.Sms"
    assert found() == ["sms.E1"]
    settings.SMS_BACKEND = f"{HERE}.NoGateway"
    assert found() == ["sms.E2"]
    settings.SMS_BACKEND = "off"
    assert found() == []
