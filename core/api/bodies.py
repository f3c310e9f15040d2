"""Reading a request's body: at most one megabyte, and JSON only."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, UnsupportedMediaType

from core.api.jsonio import MEDIA_TYPE

# A client that sends too much gets its answer only when the rest was taken off the line; up to this much is.
MOST_DRAINED = 64 * 1024 * 1024
_PIECE = 64 * 1024


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


def load(request: HttpRequest) -> None:
    """Read the body into `request.body`. Raises TooLarge (413) or UnsupportedMediaType (415)."""
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    announced = request.META.get("CONTENT_LENGTH") or "0"
    raw = b"" if announced.isdigit() and int(announced) > limit else request.read(limit + 1)
    if len(raw) > limit or (announced.isdigit() and int(announced) > limit):
        _drain(request)
        raise TooLarge(_("A request may have %(limit)s bytes at most.") % {"limit": limit})
    # Where HttpRequest.body looks first.
    request._body = raw
    kind = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))[0].lower()
    if raw and kind != MEDIA_TYPE:
        raise UnsupportedMediaType(kind, _("Send the content as application/json."))
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if raw and coding not in {"", "identity"}:
        raise UnsupportedMediaType(coding, _("Send the content without compression."))


def _drain(request: HttpRequest) -> None:
    left = MOST_DRAINED
    while left > 0:
        piece = request.read(_PIECE)
        if not piece:
            return
        left -= len(piece)
