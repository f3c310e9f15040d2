"""What was searched for, kept in the session: a patient's name must not stand in an address, a log or a history."""

import secrets

from django.http import HttpRequest

KEY = "searches"
MOST = 20


def keep(request: HttpRequest, text: str) -> str:
    """Keep the text; the token under which `recall` finds it again in this session, empty for an empty text."""
    if not text:
        return ""
    kept: dict[str, str] = dict(request.session.get(KEY, {}))
    token = next((name for name, old in kept.items() if old == text), "") or secrets.token_urlsafe(6)
    kept.pop(token, None)
    kept[token] = text
    while len(kept) > MOST:
        kept.pop(next(iter(kept)))
    request.session[KEY] = kept
    return token


def recall(request: HttpRequest, token: str | None) -> str:
    """The text of a token of this session; empty for any other."""
    return str(request.session.get(KEY, {}).get(token, "")) if token else ""
