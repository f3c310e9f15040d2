"""Where somebody is signed in: the sessions' table, how long each may last, and what it remembers of the sign-in.

A session carries one dict under `SIGN_IN`, of JSON's kinds: `started` and `seen` (seconds since 1970), `address`,
`agent`, `second` (whether the account had a second factor when it signed in), `verified` (when one was last shown) and
`by` (which).
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from core.accounts.models import Session
from core.addresses import client_address
from core.permissions import Role

SIGN_IN = "sign_in"
EVERY = 60
"""Seconds after which a session that is used notes that it was."""


class SessionStore(DatabaseStore):
    """Django's, in a table of our own that knows whose each session is, and not by which key it is opened."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(
            session_key=row_key(self.session_key), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=row_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        known = data.get(SIGN_IN, {})
        return Session(
            session_key=row_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=int(data["_auth_user_id"]) if "_auth_user_id" in data else None,
            started_at=_moment(known.get("started")),
            seen_at=_moment(known.get("seen")),
            address=known.get("address", ""),
            agent=known.get("agent", ""),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=row_key(key)).delete()


def row_key(session_key: str | None) -> str:
    """Under which key the table has a session: half a SHA-256 of the random key in the browser's cookie."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:40]


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def limits_for(user: Any) -> tuple[int, int]:
    """How long a session of this person may be idle and last at all, in seconds: the shortest of their roles'."""
    limits: dict[str, tuple[int, int]] = settings.SESSION_LIMITS
    kinds: set[str] = {str(role) for role in roles_of(user)}
    if user.is_staff or user.is_superuser:
        kinds.add(Role.ADMINISTRATOR)
    own = [limits.get(kind, limits[""]) for kind in kinds] or [limits[""]]
    return min(idle for idle, _most in own) * 60, min(most for _idle, most in own) * 3600


def roles_of(user: Any) -> frozenset[Role]:
    """The person's roles in all organisations (settings.SIGN_IN_POLICY)."""
    roles: frozenset[Role] = import_string(settings.SIGN_IN_POLICY)(user).roles
    return roles


def begin(request: HttpRequest, *, second: bool) -> dict[str, Any]:
    """Note when, from where and by which browser the person signed in. `second`: they have a second factor to show."""
    idle, longest = limits_for(request.user)
    now = timezone.now().timestamp()
    request.session[SIGN_IN] = known = {
        "started": now,
        "seen": now,
        "address": client_address(request),
        "agent": request.headers.get("User-Agent", "")[:200].replace("\x00", ""),
        "second": second,
        "idle": idle,
        "longest": longest,
    }
    request.session.set_expiry(longest)
    return known


def is_over(known: dict[str, Any], now: float) -> bool:
    """Whether the session was idle for too long, or has lasted for as long as it may."""
    return now - known["seen"] > known["idle"] or now - known["started"] > known["longest"]


class SessionLimitsMiddleware:
    """End a session that has come to its limits; note once a minute that it is used. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            known = request.session.get(SIGN_IN)
            if known is not None:
                self._look(request, known)
        elif "_auth_user_id" in request.session:
            # Of an account that was closed, or whose sessions were ended.
            request.session.flush()
        return self.get_response(request)

    def _look(self, request: HttpRequest, known: dict[str, Any]) -> None:
        now = timezone.now().timestamp()
        if is_over(known, now):
            logout(request)
        elif now - known["seen"] >= EVERY:
            idle, longest = limits_for(request.user)
            request.session[SIGN_IN] = known | {"seen": now, "idle": idle, "longest": longest}
            # What is left of the whole, not a new span from now.
            request.session.set_expiry(max(1, int(known["started"] + longest - now)))


def end_others(request: HttpRequest, user: Any) -> None:
    """Sign the person out everywhere but here."""
    Session.objects.filter(user_id=user.pk).exclude(session_key=row_key(request.session.session_key)).delete()


def is_here(request: HttpRequest, row: Session) -> bool:
    """Whether the row is the session of this request."""
    return row.session_key == row_key(request.session.session_key)


def purge() -> int:
    """Delete sessions that have ended, or that a closed account has left. The number deleted."""
    gone, _kinds = Session.objects.filter(expire_date__lte=timezone.now()).delete()
    left, _kinds = Session.objects.filter(user__is_active=False).delete()
    return gone + left
