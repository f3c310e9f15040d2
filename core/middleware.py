"""Request id, private caching, and the one translation of a `PortalError` into a page."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.audit.context import request_id
from core.errors import PortalError
from core.refused import as_invalid

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
    """Show a `PortalError` that a page's view raised as a page with its own status.

    The API's exception handler answers before this one sees its errors.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        exception = as_invalid(exception) or exception
        if not isinstance(exception, PortalError):
            return None
        template = f"errors/{exception.status}.html"
        return render(request, template, {"error": exception}, status=exception.status)
