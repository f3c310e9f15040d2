"""What no browser and no honest client sends is refused before anything reads it: null characters, broken UTF-8.

A field of a form or of the API names itself in its own error; this is for all else that comes with a request: its
address, its cookies, and forms that only read what they know. What none of them saw, and the database refuses, is told
apart from a fault of the portal by `does_not_fit`.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

API = "/api/"
_FORM = "application/x-www-form-urlencoded"


def does_not_fit(error: BaseException | None) -> bool:
    """Whether the database, or the way to it, refused a value as one that can't be: the request's fault, not ours."""
    if isinstance(error, (DataError, UnicodeEncodeError)):
        return True
    return isinstance(error, ValueError) and "NUL (0x00)" in str(error)


class WellFormedMiddleware:
    """Stands before the session and the sign-in, whose cookies are words from outside too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if not _is_cookie(name, value)]:
            del request.COOKIES[name]
        if not (_is_utf_8(request) and _is_address(request)):
            return _refuse(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """A form of typed text says itself which field holds what can't be; any other is refused whole."""
        if request.method != "POST" or request.path_info.startswith(API):
            return None
        if request.content_type == _FORM and not _is_text(request.body):
            return _refuse(request)
        if hasattr(view, "keeps_text"):
            return None
        texts = [text for name, values in request.POST.lists() for text in (name, *values)]
        return _refuse(request) if any("\x00" in str(text) for text in texts) else None


def _is_cookie(name: str, value: str) -> bool:
    return (name + value).isprintable()


def _is_utf_8(request: HttpRequest) -> bool:
    """Django would read the address, too, in whatever the content is said to be written in: UTF-7, say."""
    said = (request.content_params or {}).get("charset", "utf-8")
    return said.lower().replace("_", "-") in {"utf-8", "utf8", "us-ascii"}


def _is_address(request: HttpRequest) -> bool:
    # Django writes bytes of an address that are no text as %FF again.
    if "\x00" in request.path_info or not _is_text(request.path_info.encode()):
        return False
    query = request.META.get("QUERY_STRING", "").encode("latin-1", "replace")
    # The API names the parameter that holds a null character.
    return _is_text(query) and (b"%00" not in query or request.path_info.startswith(API))


def _is_text(encoded: bytes) -> bool:
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse(request: HttpRequest) -> HttpResponse:
    handler: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(400)
    return handler(request, exception=None)
