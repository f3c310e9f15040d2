"""The answer where no view is left to give one: a problem for programs, a page for people."""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from core import languages
from core.api import language, problems

#: Seconds after which it makes sense to try again.
AGAIN_AFTER = 5
_STATUSES = {
    "bad_request": 400,
    "wrong_host": 400,
    "denied": 403,
    "not_found": 404,
    "length_required": 411,
    "too_large": 413,
    "server_error": 500,
    "unavailable": 503,
}
_OAUTH = {500: "server_error", 503: "temporarily_unavailable"}
#: For what a person hardly meets.
_LIKE_BAD_REQUEST = {411, 413}


def is_away(error: BaseException | None) -> bool:
    """Whether the database is out of reach, stopped a statement that took too long, or waited in vain for a lock."""
    return isinstance(error, (OperationalError, InterfaceError))


def refuse(request: HttpRequest, code: str) -> HttpResponse:
    """The answer for one of `_STATUSES`. The page asks the database nothing: whatever broke may break it too."""
    status = _STATUSES[code]
    path = request.path_info
    if path.startswith("/api/"):
        # Nobody has chosen a language yet, and the thread may still speak that of its last request.
        with translation.override(language.asked_for(request) or languages.SOURCE):
            return problems.told(code)
    if path.startswith("/oauth/"):
        answer: HttpResponse = JsonResponse({"error": _OAUTH.get(status, "invalid_request")}, status=status)
    else:
        template = "errors/400.html" if status in _LIKE_BAD_REQUEST else f"errors/{status}.html"
        answer = HttpResponse(render(None, template).content, status=status)
    if status == 503:
        answer["Retry-After"] = str(AGAIN_AFTER)
    return answer
