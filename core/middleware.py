"""Request id, private caching, and the one translation of a `PortalError` into a page."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from core.audit.context import request_id
from core.errors import Moved, PortalError, refusal

LED_HERE = _("The record that you looked for was merged into this one: they are the same person.")
LED_HERE_UNSAVED = _(
    "The record was merged into this one before you saved. Nothing was saved: look at this record, then repeat it."
)
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
        known = refusal(exception) if isinstance(exception, IntegrityError) else exception
        if not isinstance(known, PortalError):
            return None
        exception = known
        if isinstance(exception, Moved) and (address := exception.address(request.get_full_path())):
            reads = request.method in ("GET", "HEAD")
            messages.warning(request, LED_HERE if reads else LED_HERE_UNSAVED)
            return HttpResponseRedirect(address)
        template = f"errors/{exception.status}.html"
        return render(request, template, {"error": exception}, status=exception.status)
