"""What was searched for, kept in the session under a token: a name or a number must not stand in an address or a log.

The list that was found has an address then, so it comes back with the browser's Back, a reload or a second window.
"""

import secrets

from django.http import HttpRequest

from core.seal import seal, unseal

KEY = "searches"
MOST = 20
_PURPOSE = "core.searches"


def keep(request: HttpRequest, text: str) -> str:
    """Keep the text, sealed; the token under which `recall` finds it in this session, empty for an empty text."""
    if not text:
        return ""
    kept: dict[str, str] = dict(request.session.get(KEY, {}))
    token = next((name for name in kept if recall(request, name) == text), "") or secrets.token_urlsafe(6)
    kept.pop(token, None)
    kept[token] = seal(text, _PURPOSE).decode()
    while len(kept) > MOST:
        kept.pop(next(iter(kept)))
    request.session[KEY] = kept
    return token


def recall(request: HttpRequest, token: str | None) -> str:
    """The text of a token of this session; empty for any other."""
    sealed = str(request.session.get(KEY, {}).get(token, "")) if token else ""
    return str(unseal(sealed.encode(), _PURPOSE) or "") if sealed else ""
