"""E-mail over a real SMTP server: what arrives, what is refused for good, what is tried again."""

import smtplib
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from core.channels.email import CHANNEL
from core.channels.email.environment import read
from core.channels.protocol import Letter, Recipient, Undeliverable
from tests.factories.mail import mail_server

LETTER = Letter(
    reference="0b7e", address="test@example.org", language="kk", subject="Тақырып", body="Мәтін.", link="/x/"
)


def test_whom_it_reaches() -> None:
    for user_id in (None, 1):
        assert (
            CHANNEL.address_of(Recipient(key="k", language="en", user_id=user_id, email="a@b.c")) == "a@b.c"
        )
        assert CHANNEL.address_of(Recipient(key="k", language="en", user_id=user_id, phone="+7")) is None


def test_a_letter_arrives_with_its_reference_and_the_portal_s_link() -> None:
    with mail_server() as letters:
        CHANNEL.send(LETTER)
        CHANNEL.send(replace(LETTER, link=""))
    (address, first), (_address, second) = letters.kept
    assert address == LETTER.address
    assert first["Subject"] == LETTER.subject
    assert first["Message-ID"] == "<0b7e@127.0.0.1>" == second["Message-ID"], "a repetition can be told"
    assert (first["Content-Language"], first["Auto-Submitted"]) == ("kk", "auto-generated")
    assert first.get_content().replace("\r\n", "\n") == "Мәтін.\n\nhttp://127.0.0.1:8000/x/\n"
    assert second.get_content().replace("\r\n", "\n") == "Мәтін.\n"


def test_only_a_refusal_for_good_is_undeliverable() -> None:
    with mail_server() as letters:
        letters.refused[LETTER.address] = "550 5.1.1 No such mailbox"
        with pytest.raises(Undeliverable) as refused:
            CHANNEL.send(LETTER)
        assert refused.value.reason == "refused"
        letters.refused[LETTER.address] = "450 4.2.1 Busy, come again"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            CHANNEL.send(LETTER)
        letters.refused.clear()
        letters.refusals = 1
        with pytest.raises(smtplib.SMTPDataError):
            CHANNEL.send(LETTER)
        assert letters.kept == []
        CHANNEL.send(LETTER)
        assert len(letters.kept) == 1


def test_a_server_that_is_away_is_tried_again(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with pytest.raises(ConnectionRefusedError):
        CHANNEL.send(LETTER)


def test_production_needs_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    env, here = environ.Env(), Path()
    assert read(env, production=False, state_dir=here)["EMAIL_HOST"] == "127.0.0.1"
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is missing"):
        read(env, production=True, state_dir=here)
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:word@mail.example:587")
    found = read(env, production=True, state_dir=here)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
