"""What a request is answered that no view of the portal sees: one that is too large, too late, or no HTTP.

In English and without Django: whoever gets here has said neither whom they ask nor in which language. Codes and words
are those of the API's kinds of problems (`core.api.kinds`).
"""

import json
from typing import NamedTuple
from uuid import uuid4

from gunicorn.http import errors


class Kind(NamedTuple):
    """One kind of refusal."""

    reason: str
    code: str
    title: str
    detail: str
    remedy: str


_AGAIN = "Send the request again with the same Idempotency-Key."
KINDS = {
    400: Kind(
        "Bad Request",
        "bad_request",
        "The request can’t be understood",
        "This is no request of HTTP/1.1.",
        "Compare it with the documentation.",
    ),
    408: Kind(
        "Request Timeout",
        "request_timeout",
        "The request didn’t arrive in time",
        "The request did not arrive in time.",
        "Send the request again, with the same Idempotency-Key, over a better line.",
    ),
    413: Kind(
        "Content Too Large",
        "too_large",
        "The content is too large",
        "The content is too large.",
        "Send less.",
    ),
    414: Kind(
        "URI Too Long",
        "uri_too_long",
        "The address is too long",
        "The address is longer than the portal reads.",
        "Use fewer or shorter parameters. A patient is looked up by POST patients/search/.",
    ),
    417: Kind(
        "Expectation Failed",
        "expectation_failed",
        "What Expect asks for isn’t offered",
        "The header Expect asks for something other than 100-continue.",
        "Leave out the header Expect.",
    ),
    431: Kind(
        "Request Header Fields Too Large",
        "headers_too_large",
        "The headers are too large",
        "The headers are too large.",
        "Send fewer or shorter headers.",
    ),
    500: Kind(
        "Internal Server Error",
        "server_error",
        "The portal failed",
        "The portal failed.",
        "Send the request again with the same Idempotency-Key; report the request_id.",
    ),
    501: Kind(
        "Not Implemented",
        "not_implemented",
        "This transfer coding isn’t understood",
        "This transfer coding isn’t understood.",
        "Send the content in one piece, or in chunks without compression.",
    ),
    503: Kind(
        "Service Unavailable",
        "unavailable",
        "The portal can’t work at the moment",
        "The portal has too much to do at the moment.",
        _AGAIN,
    ),
}
_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (errors.InvalidResponseHeader, 500),
    (errors.InvalidResponseHeaderName, 500),
    (errors.ConfigurationProblem, 500),
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.ExpectationFailed, 417),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ParseException, 400),
    # What the parser says of a chunk is no ParseException everywhere.
    (errors.NoMoreData, 400),
)


def status_of(error: BaseException) -> int:
    """The status of a request that gunicorn’s parser refused; 500 for anything that is no fault of the request."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


def answer(status: int) -> bytes:
    """The whole answer; the connection closes after it."""
    kind, request_id = KINDS[status], uuid4().hex
    body = json.dumps(
        {
            "type": f"/api/v1/problems/{kind.code}/",
            "title": kind.title,
            "status": status,
            "code": kind.code,
            "detail": kind.detail,
            "remedy": kind.remedy,
            "request_id": request_id,
        },
        ensure_ascii=False,
    ).encode()
    lines = [
        f"HTTP/1.1 {status} {kind.reason}",
        "Content-Type: application/problem+json",
        "Content-Language: en",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"X-Request-ID: {request_id}",
        *(["Retry-After: 5"] if status == 503 else []),
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body
