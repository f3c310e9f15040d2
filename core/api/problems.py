"""Errors as application/problem+json (RFC 9457), in the language asked for.

Each problem has a `type` (an address of the API that explains it), a `code` for programs, and a remedy. A refused
content lists every field: `{pointer, field, code, detail, remedy}`.
"""

import logging
from collections.abc import Iterator
from typing import Any

from django.core import signals
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import (
    APIException,
    ErrorDetail,
    MethodNotAllowed,
    NotAcceptable,
    ValidationError,
)

from core.api.bodies import TooLarge
from core.api.jsonio import answer
from core.api.kinds import KINDS
from core.audit.context import request_id
from core.db import begin_anew
from core.errors import IllegalTransition, Invalid, Moved, NotKnown, PortalError, Text
from core.refused import as_refusal
from core.wellformed import does_not_fit

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
#: So many errors are named in a refusal, and the others counted: whoever sends 60,000 unknown fields gets no list.
MOST_ERRORS = 20
#: Stands before a number in the code of an error that only counts others, which nobody has listed.
UNLISTED = "unlisted:"
_LONGEST_NAME = 100


class Conflict(PortalError):
    """409 with something to look at: `more` goes into the problem as it is."""

    status = 409

    def __init__(self, message: Text, *, code: str, more: dict[str, Any]) -> None:
        super().__init__(message, code=code)
        self.more = more


def add_kind(code: str, *, like: str) -> None:
    """Make an app's own code known; what it is and what to do about it is as for `like`, the detail says the rest."""
    KINDS[code] = KINDS[like]


# The codes of the framework's own errors, where ours says it better.
_SAME = {
    "parse_error": "bad_request",
    "error": "bad_request",
    "authentication_failed": "invalid_token",
    "permission_denied": "denied",
}
_BY_STATUS = {400: "bad_request", 401: "not_authenticated", 403: "denied", 404: "not_found", 422: "invalid"}

# What to do about a field, by the rule that it broke.
_REMEDIES: dict[str, Text] = {
    "required": _("Send this field."),
    "null": _("Send a value, or leave the field out."),
    "blank": _("Fill this in."),
    "unknown_field": _("Leave this field out. Its name may be misspelt; the schema lists every field."),
    "unknown_parameter": _(
        "Leave this parameter out. Its name may be misspelt; the schema lists every parameter."
    ),
    "wrong_type": _("Send the type that the schema names."),
    "unknown_code": _("Use a code that the directory lists."),
    "invalid_choice": _("Use one of the values that the schema lists."),
    "max_length": _("Shorten the text."),
    "no_offset": _("Add the offset from UTC, for instance 2026-11-21T09:00:00+05:00."),
    "unseen_character": _("Delete the invisible character."),
    "invalid_cursor": _("Begin again without a cursor."),
    "invalid_place": _(
        "Send the last place that you kept; if there is none, begin with after=now and read the lists."
    ),
    "unknown_type": _("Use a type that the schema lists."),
}
_OTHER_REMEDY = _("Correct this value and send the request again.")


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """The framework's exception handler: any error at all becomes a problem."""
    begin_anew()
    known = _known(error)
    if known is None:
        request = context.get("request")
        logger.error("API request failed", exc_info=error)
        # Tells the error mails and the test client, as an uncaught error would.
        signals.got_request_exception.send(sender=None, request=getattr(request, "_request", request))
        known = _problem("server_error", "")
    location = _leads_to(error, context.get("request"))
    if location:
        known["status"] = 308
    return _answer(known, error, location)


def told(code: str) -> HttpResponse:
    """The problem of that code, where no endpoint is left to raise it."""
    return _answer(_problem(code, ""), Exception())


def _answer(problem: dict[str, Any], error: Exception, location: str = "") -> HttpResponse:
    response = answer(problem, status=problem["status"], media_type=MEDIA_TYPE, location=location)
    # Here, since what stops a request may stand before whoever says it otherwise.
    response["Content-Language"] = translation.get_language() or "en"
    _add_headers(response, error)
    return response


def _leads_to(error: Exception, request: Any) -> str:
    """Where who reads finds what is known under another id now. Who writes has decided on what they have read."""
    if not isinstance(error, Moved) or request is None or request.method not in ("GET", "HEAD"):
        return ""
    return error.address(request.get_full_path())


def _known(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Http404):
        error = NotKnown()
    if isinstance(error, RequestDataTooBig):
        error = TooLarge(_("The content is too large."))
    if isinstance(error, PortalError):
        return _of_portal_error(error)
    if refused := as_refusal(error):
        return _of_portal_error(refused)
    if isinstance(error, ValidationError):
        return _problem("invalid", "", **_bounded(_flat(error.detail, ())))
    if isinstance(error, APIException):
        code = str(error.get_codes()) if not isinstance(error.detail, (dict, list)) else error.default_code
        code = _SAME.get(code, code)
        if code not in KINDS:
            code = _BY_STATUS.get(error.status_code, "bad_request")
        return _problem(code, _said(error))
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("database out of reach", exc_info=error)
        return _problem("unavailable", "")
    if does_not_fit(error):
        logger.warning("a request brought what the database can't hold: %s", type(error).__name__)
        return _problem("bad_request", "")
    return None


def _said(error: APIException) -> str:
    """The error's own words; nothing for the framework's, which speaks few of our languages: the kind's title does."""
    if isinstance(error, (MethodNotAllowed, NotAcceptable)) or error.detail == str(
        type(error).default_detail
    ):
        return ""
    return str(error.detail)


def _of_portal_error(error: PortalError) -> dict[str, Any]:
    code = error.code if error.code in KINDS else type(error).code
    if isinstance(error, IllegalTransition):
        return _problem(code, str(error.message), allowed=error.allowed)
    if isinstance(error, Invalid):
        return _problem(code, str(error.message), **_bounded(_of_fields(error)))
    if isinstance(error, Moved):
        return _problem(code, str(error.message), merged_into=error.new)
    return _problem(code, str(error.message), **(error.more if isinstance(error, Conflict) else {}))


def _problem(code: str, detail: str, **more: Any) -> dict[str, Any]:
    kind = KINDS[code]
    errors = more.get("errors")
    if not detail and errors:
        detail = errors[0]["detail"]
    return {
        "type": f"/api/v1/problems/{code}/",
        "title": str(kind.title),
        "status": kind.status,
        "code": code,
        "detail": detail or str(kind.title),
        "remedy": str(kind.remedy),
        "request_id": request_id.get(),
        **more,
    }


def _bounded(entries: Iterator[dict[str, str]]) -> dict[str, Any]:
    """The first errors, and how many more there are."""
    listed: list[dict[str, str]] = []
    more = 0
    for one in entries:
        if one["code"].startswith(UNLISTED):
            more += int(one["code"].removeprefix(UNLISTED))
        elif len(listed) < MOST_ERRORS:
            listed.append(one)
        else:
            more += 1
    return {"errors": listed, "more_errors": more}


def _entry(path: tuple[str, ...], code: str, detail: str) -> dict[str, str]:
    path = tuple(part[:_LONGEST_NAME] for part in path)
    parts = [part.replace("~", "~0").replace("/", "~1") for part in path]
    return {
        "pointer": "".join(f"/{part}" for part in parts),
        "field": ".".join(path),
        "code": code,
        "detail": detail,
        "remedy": str(_REMEDIES.get(code, _OTHER_REMEDY)),
    }


def _of_fields(error: Invalid) -> Iterator[dict[str, str]]:
    """An action's names of fields are those of the API; `a.0.b` leads into lists and objects."""
    code = error.code if error.code != Invalid.code else "rule"
    for name, texts in error.fields.items():
        for text in texts:
            yield _entry(tuple(name.split(".")) if name else (), code, str(text))


def _flat(detail: Any, path: tuple[str, ...]) -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list) and any(isinstance(inner, (dict, list)) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _flat(inner, (*path, str(index)))
    elif isinstance(detail, list):
        for text in detail:
            yield from _flat(text, path)
    else:
        code = (detail.code if isinstance(detail, ErrorDetail) else None) or "invalid"
        yield _entry(path, code, str(detail))


def _add_headers(response: HttpResponse, error: Exception) -> None:
    if header := getattr(error, "auth_header", None):
        code = "" if getattr(error, "default_code", "") == "not_authenticated" else ', error="invalid_token"'
        response["WWW-Authenticate"] = f"{header}{code}"
    if scope := getattr(error, "scope", None):
        response["WWW-Authenticate"] = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'
    wait = getattr(error, "wait", None)
    if wait is None and response.status_code == 503:
        wait = 5
    if wait is not None:
        response["Retry-After"] = str(max(1, int(wait)))
