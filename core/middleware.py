"""Request id, private caching, closed doors to other sites, and the one translation of a `PortalError` into a page."""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from core.audit.context import id_for, request_id, trace_of
from core.errors import Moved, PortalError
from core.refusals import is_away, refuse
from core.refused import as_refusal
from core.wellformed import does_not_fit

logger = logging.getLogger(__name__)

LED_HERE = _("The record that you looked for was merged into this one: they are the same person.")
LED_HERE_UNSAVED = _(
    "The record was merged into this one before you saved. Nothing was saved: look at this record, then repeat it."
)
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Give each request an id that stands in the log, the audit rows and the answer (X-Request-ID).

    Whoever asks may bring their own id, or a trace's (`traceparent`): then it is found again on both sides.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        parent = request.headers.get("traceparent", "").strip()
        trace = trace_of(parent)
        token = request_id.set(id_for(request.headers.get("X-Request-ID", "").strip(), trace))
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            if trace:
                response["traceparent"] = parent
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
        exception = as_refusal(exception) or exception
        if is_away(exception):
            logger.error("database out of reach", exc_info=exception)
            return refuse(request, "unavailable")
        if does_not_fit(exception):
            logger.warning("a request brought what the database can't hold: %s", type(exception).__name__)
            return refuse(request, "bad_request")
        if not isinstance(exception, PortalError):
            return None
        if isinstance(exception, Moved) and (address := exception.address(request.get_full_path())):
            reads = request.method in ("GET", "HEAD")
            messages.warning(request, LED_HERE if reads else LED_HERE_UNSAVED)
            return HttpResponseRedirect(address)
        template = f"errors/{exception.status}.html"
        answer = render(request, template, {"error": exception}, status=exception.status)
        if (seconds := getattr(exception, "seconds", None)) is not None:
            answer["Retry-After"] = str(seconds)
        return answer
