"""Devices on which an account has signed in before, told by a signed cookie: nobody else's failures make them wait.

The cookie holds, for each of the last few accounts of this browser, a keyed hash of the user name and a random name of
the device. It opens nothing.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

_SALT = "core.accounts.devices"
MOST = 8
DAYS = 180


def known_device(request: HttpRequest, username: str) -> str:
    """The device's name, if this account has signed in on it; else empty."""
    return str(_read(request).get(_mark(username), ""))


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let the browser tell the next time that the account has signed in here."""
    known = _read(request)
    mark = _mark(username)
    name = known.pop(mark, "") or secrets.token_urlsafe(12)
    kept = {**dict(list(known.items())[-(MOST - 1) :]), mark: name}
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT),
        max_age=DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        found = signing.loads(
            request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=DAYS * 86_400
        )
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _mark(username: str) -> str:
    return salted_hmac(_SALT, username, algorithm="sha256").hexdigest()[:16]
