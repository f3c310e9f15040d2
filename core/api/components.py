"""The parts that the operations of the description point to: headers, parameters, problems, ways to sign in."""

from typing import Any

from django.conf import settings
from django.utils import translation

from core.api.conditional import EXAMPLE, PATTERN
from core.api.kinds import KINDS
from core.api.permissions import SCOPES
from core.api.problems import MEDIA_TYPE, MOST_ERRORS
from core.errors import Text

COMMON_HEADERS = ("X-Request-ID", "Content-Language", "API-Version")
LIMIT_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def headers() -> dict[str, Any]:
    """Every header that an answer may have. One alone is always there: whoever answers, an error too, gives the id."""
    text, number = {"type": "string"}, {"type": "integer"}
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "Content-Language": ("The language of the words.", text),
        "API-Version": ("The version of the API.", text),
        "ETag": (
            "Of everything that the answer shows, its language included. Send it in If-Match.",
            text | {"pattern": PATTERN, "examples": [EXAMPLE]},
        ),
        "Location": ("Where the thing can be read.", text | {"format": "uri-reference"}),
        "Idempotent-Replayed": (
            "true: this was done by an earlier request with this key. The answer says how it is now.",
            text,
        ),
        "Idempotent-First-ETag": ("Of a repeated answer: the ETag that the first one had.", text),
        "Idempotent-State": (
            "Of a repeated answer: unchanged or changed, whether it says what the first one said.",
            text,
        ),
        "RateLimit-Limit": ("Requests in a minute.", number),
        "RateLimit-Remaining": ("How many of them are left.", number),
        "RateLimit-Reset": ("Seconds until the next minute.", number),
        "Retry-After": ("Seconds to wait.", number),
        "WWW-Authenticate": ("How to sign in, and what the token lacks.", text),
        "Allow": ("The methods that are offered.", text),
    }
    headers: dict[str, Any] = {
        name: {"description": said, "schema": schema} for name, (said, schema) in found.items()
    }
    headers["X-Request-ID"] = {
        "description": "The request's id in the portal's log: the one that was sent, else the trace's, else a new one.",
        "required": True,
        "schema": text | {"maxLength": 64},
    }
    return headers


def parameters() -> dict[str, Any]:
    return {
        "AcceptLanguage": {
            "name": "Accept-Language",
            "in": "header",
            "description": "The language of the answer's words: en, ru, kk, uz or ky.",
            "schema": {"type": "string", "pattern": "^(en|ru|kk|uz|ky)$"},
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A random key, new for each new request: sent again, the work is done once and the answer "
            "says how it is now. Kept for seven days.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "minLength": 1, "maxLength": 255},
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of what was read; the version alone, in quotes, names the row without what hangs "
            "on it.",
            "schema": {"type": "string", "pattern": PATTERN, "examples": [EXAMPLE]},
        },
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The ETag of the answer that you have: 304 when it still says everything.",
            "schema": {"type": "string", "pattern": PATTERN, "examples": [EXAMPLE]},
        },
    }


def security() -> dict[str, Any]:
    return {
        "client": {
            "type": "oauth2",
            "description": "For a partner's system: a client made by its organisation's administrator.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/oauth/token",
                    "scopes": {name: _in_english(text) for name, text in SCOPES.items()},
                }
            },
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "For a person who is signed in to the portal.",
        },
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
    }


def problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    error = dict.fromkeys(("pointer", "field", "code", "detail", "remedy"), text)
    problem = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": text,
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "x-extensible-enum": sorted(KINDS),
            "description": "Each is explained at problems/. More may be added.",
        },
        "detail": text,
        "remedy": text,
        "request_id": text,
    }
    return {
        "ProblemError": {
            "type": "object",
            "description": "One field, the rule that it breaks, and what to do.",
            "properties": error,
            "required": list(error),
        },
        "Problem": {
            "type": "object",
            "description": "An error (RFC 9457).",
            "properties": {
                **problem,
                "errors": {
                    "type": "array",
                    "items": reference("schemas", "ProblemError"),
                    "maxItems": MOST_ERRORS,
                },
                "more_errors": {
                    "type": "integer",
                    "description": "How many errors there are beyond those that are named.",
                },
                "merged_into": {
                    "type": "string",
                    "description": "With merged: the record to use from now on.",
                },
                "allowed": {
                    "type": "array",
                    "items": text,
                    "description": "With illegal_transition: the steps that are allowed now.",
                },
                "candidates": {"type": "array", "items": reference("schemas", "PatientRow")},
                "oldest": {**text, "description": "With events_gone: the oldest event that is kept."},
                "newest": {**text, "description": "With events_gone: the place behind everything."},
            },
            "required": list(problem),
        },
    }


def problem_response(code: int) -> dict[str, Any]:
    kinds = [(name, kind) for name, kind in KINDS.items() if kind.status == code]
    names = [*COMMON_HEADERS, *LIMIT_HEADERS]
    names += {401: ["WWW-Authenticate"], 405: ["Allow"], 429: ["Retry-After"], 503: ["Retry-After"]}.get(
        code, []
    )
    headers = {name: reference("headers", name) for name in names}
    if code == 304:
        headers["ETag"] = reference("headers", "ETag")
        return {"description": "The answer that you have still says everything.", "headers": headers}
    return {
        "description": " ".join(f"{name}: {_in_english(kind.title)}." for name, kind in kinds),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": reference("schemas", "Problem")}},
    }


def _in_english(text: Text) -> str:
    with translation.override("en"):
        return str(text)
