"""Being signed in, for tests that aren't about signing in, and signing in for those that are."""

import time
from typing import Any

from django.test import Client
from django_otp.oath import TOTP

from core.accounts.models import Authenticator
from core.accounts.sessions import SIGN_IN
from tests.factories.organisations import PASSWORD

#: A session of `force_login` has shown its second factor and comes to no limit, whatever day the test moves to.
NEVER = 4_000_000_000


def whole(*, second: bool = True) -> dict[str, Any]:
    """What the session remembers of a sign-in with both steps."""
    known = {"started": NEVER, "seen": NEVER, "address": "", "agent": "", "idle": 3600, "longest": 36_000}
    return known | {"second": second, **({"verified": NEVER, "by": "app"} if second else {})}


def let_force_login_be_whole() -> None:
    """From now on `Client.force_login` makes a session that has shown its second factor."""
    original = Client.force_login
    if getattr(original, "is_whole", False):
        return

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        original(self, user)  # there is one backend, whatever a test names
        session = self.session
        session[SIGN_IN] = whole()
        session.save()

    force_login.is_whole = True  # type: ignore[attr-defined]
    Client.force_login = force_login  # type: ignore[method-assign]


def make_authenticator(
    user: Any, secret: bytes = b"12345678901234567890", name: str = "telephone"
) -> Authenticator:
    """An app of that person, with a secret that the test knows."""
    return Authenticator.objects.create(user=user, name=name, sealed=Authenticator.sealed_secret(secret))


def code_of(secret: bytes = b"12345678901234567890", *, steps: int = 0) -> str:
    """The code that the app shows now, or so many half minutes later."""
    shown = TOTP(secret)
    shown.time = time.time() + steps * 30
    return f"{shown.token():06d}"


def sign_in(client: Client, user: Any, password: str = PASSWORD, **extra: Any) -> Any:
    """The answer to the first step."""
    return client.post("/accounts/sign-in/", {"username": user.get_username(), "password": password}, **extra)
