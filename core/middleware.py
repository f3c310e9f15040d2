"""Request id, private caching, closed doors to other sites, and the one translation of a `PortalError` into a page."""

import logging
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.audit.context import request_id
from core.errors import PortalError
from core.refusals import is_away, refuse
from core.refused import as_invalid
from core.wellformed import does_not_fit

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id that stands in the log, the audit rows and the answer (X-Request-ID)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            # No other site draws what stands here: neither a page nor an answer, nor a picture of it.
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            return response
        finally:
            request_id.reset(token)


class PrivateResponseMiddleware:
    """Keep what a signed-in person saw out of every cache, the browser's history cache included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "actor", None) is not None and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class PortalErrorMiddleware:
    """Show a `PortalError` that a page's view raised as a page with its own status; and that the database is away.

    The API's exception handler answers before this one sees its errors.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        exception = as_invalid(exception) or exception
        if is_away(exception):
            logger.error("database out of reach", exc_info=exception)
            return refuse(request, "unavailable")
        if does_not_fit(exception):
            logger.warning("a request brought what the database can't hold: %s", type(exception).__name__)
            return refuse(request, "bad_request")
        if not isinstance(exception, PortalError):
            return None
        template = f"errors/{exception.status}.html"
        answer = render(request, template, {"error": exception}, status=exception.status)
        if (seconds := getattr(exception, "seconds", None)) is not None:
            answer["Retry-After"] = str(seconds)
        return answer
