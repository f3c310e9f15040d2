"""What browsers, load balancers and finders of weaknesses are told, on every page and answer."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.web import views
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.addresses import people, things
from tests.integration.test_edges_input import pages, reader_of

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["things"]


def wrong_headers(response: Any) -> list[str]:
    """What is missing in the answer's headers."""
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    wrong = [name for name, value in expected.items() if response.get(name) != value]
    wrong += [
        f"CSP {name}"
        for name in ("default-src", "script-src", "style-src", "form-action")
        if policy[name] != "'self'"
    ]
    wrong += [
        f"CSP {name}" for name in ("object-src", "base-uri", "frame-ancestors") if policy[name] != "'none'"
    ]
    allowed = response.get("Permissions-Policy", "")
    wrong += [
        name
        for name in ("camera", "geolocation", "microphone", "payment", "usb")
        if f"{name}=()" not in allowed
    ]
    return wrong


@pytest.mark.django_db
def test_every_page_and_answer_closes_the_doors(world: World, things: dict[str, Any]) -> None:
    clients = people(world)
    answers = {
        name: clients[reader_of(name, row, "GET")].get(url)
        for name, url, row in pages(things)
        if set(row["GET"]) - {302, 405}
    }
    api = make_api(world.korday)
    answers |= {
        "API": api.get("patients/"), "problem": api.get("patients/?x=1"), "unknown": api.get("nothing/"),
        "token": Client().post("/oauth/token"), "admin": clients["administrator"].get("/admin/"),
        "not found": Client().get("/nothing/"), "bad": Client().get("/?q=%00"), "docs": Client().get("/api/v1/docs/"),
    }  # fmt: skip
    wrong = {name: found for name, answer in answers.items() if (found := wrong_headers(answer))}
    assert not wrong
    assert len(answers) > 40


@pytest.mark.django_db
def test_outsiders_learn_yes_or_no(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "a-token-of-the-operator-of-32-signs"
    header = {"Authorization": f"Bearer {token}"}
    assert client.get("/readyz", headers=header).json() == {"status": "ok"}, (
        "without a token nobody knows more"
    )
    settings.READYZ_TOKEN = token
    assert client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/readyz", headers={"Authorization": "Bearer ü"}).json() == {"status": "ok"}
    assert client.get("/readyz", headers=header).json() == {"status": "ok", "database": True, "broker": True}

    def lost() -> Any:
        raise OperationalError("no database")

    monkeypatch.setattr(views.connection, "cursor", lost)
    cache.clear()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
    assert client.get("/readyz", headers=header).json()["database"] is False


def test_where_to_report_a_weakness(client: Client, settings: Any) -> None:
    address = "/.well-known/security.txt"
    settings.SECURITY_CONTACT = ""
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT = "security@portal.example"
    answer = client.get(address)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert said["Contact"] == "mailto:security@portal.example"
    expires = parse_datetime(said["Expires"])
    assert expires is not None
    assert timezone.now() + timedelta(days=30) < expires < timezone.now() + timedelta(days=365)
    assert said["Canonical"] == f"{settings.PUBLIC_URL}{address}"
    assert client.post(address).status_code == 405


_HTTPS = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["portal.example"]
answer = Client(headers={"host": "portal.example"}).get("/accounts/sign-in/", secure=True)
assert answer.status_code == 200, answer.status_code
for name in ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "KNOWN_DEVICE_COOKIE"):
    assert getattr(settings, name + "_NAME").startswith("__Host-"), name
for name in ("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE"):
    assert getattr(settings, name + "_SECURE"), name
    assert getattr(settings, name + "_HTTPONLY"), name
    assert getattr(settings, name + "_PATH") == "/", name
    assert getattr(settings, name + "_DOMAIN") is None, name
for name, cookie in answer.cookies.items():
    assert name.startswith("__Host-"), name
    assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/" and not cookie["domain"], cookie
assert "csrf" in "".join(answer.cookies), answer.cookies
assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
away = Client(headers={"host": "portal.example"}).get("/accounts/sign-in/")
assert (away.status_code, away["Location"]) == (301, "https://portal.example/accounts/sign-in/")
"""


def test_with_https_every_cookie_is_this_host_s_alone() -> None:
    """The settings of a portal with https, in a process of their own; no other cookie is named in the code."""
    environment = {**os.environ, "DJANGO_ENV": "test", "PUBLIC_URL": "https://portal.example"}
    done = subprocess.run(
        [sys.executable, "-c", _HTTPS], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    named = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("core", "facilities", "patients", "agreements", "referrals", "portal", "disclosure")
        for path in (ROOT / room).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if "set_cookie(" in line or "set_signed_cookie(" in line
    ]
    assert named == [f"core/accounts/{name}.py: response.set_cookie(" for name in ("devices", "language")]
