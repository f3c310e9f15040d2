"""A body in chunks, without a Content-Length: read as a whole, or refused; never taken for an empty one.

Django reads as many bytes as Content-Length says, none without one. Gunicorn joins the chunks and says so in
`wsgi.input_terminated`; a server that doesn't leaves their frame in the stream, which nobody here reads.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.refusals import refuse


class ChunkedMiddleware:
    """Stands before everything that reads a body. Before it, the waiting room holds back what is not there whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            if not request.META.get("wsgi.input_terminated"):
                return refuse(request, "length_required")
            self._read(request)
        return self.get_response(request)

    def _read(self, request: Any) -> None:
        # One byte more than anybody takes: the reader behind says that it is too much.
        body = request.META["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)
