"""JSON in and out, by orjson."""

import json
from typing import IO, Any

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from core.api.conditional import tag_of

MEDIA_TYPE = "application/json"
#: So much of a name that was sent is said in a refusal.
_LONGEST_NAME = 100


def dumps(data: Any) -> bytes:
    """The bytes of a JSON answer. Dates become ISO 8601, ids strings, lazy texts words of the active language."""
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def answer(
    data: Any,
    *,
    status: int = 200,
    version: int | None = None,
    decided: Any = None,
    location: str = "",
    media_type: str = MEDIA_TYPE,
) -> HttpResponse:
    """An answer with its bytes made at once, which a list of flat rows needs to be quick.

    `version` of the row gives it an ETag, which is another one whenever anything in the answer is. `decided`: what of
    `data` a decision may rest on, where that isn't all.
    """
    content = dumps(data)
    response = HttpResponse(content, status=status, content_type=media_type)
    if version is not None:
        response["ETag"] = tag_of(version, content, None if decided is None else dumps(decided))
    if location:
        response["Location"] = location
    return response


def not_modified(response: HttpResponse) -> HttpResponse:
    """304 instead of an answer that its reader has already."""
    kept = {
        name: response[name] for name in ("ETag", "Vary", "Cache-Control", "Location") if name in response
    }
    return HttpResponse(status=304, headers=kept)


class JsonParser(BaseParser):
    """Reads application/json; anything else was refused before (`bodies.load`)."""

    media_type = MEDIA_TYPE

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        return read(stream.read())


def loads(raw: bytes) -> Any:
    """The value of a JSON text; ParseError (400) with the place of the mistake."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ParseError(
            f"line {error.lineno}, column {error.colno}: {error.msg}", code="invalid_json"
        ) from error


def read(raw: bytes) -> Any:
    """The value of a content that was sent. Raises ParseError (400), also for a name that stands twice in an object.

    What is meant by `{"a": 1, "a": 2}` nobody knows (RFC 8259, 4): each reader takes another one of the two.
    """
    value = loads(raw)
    try:
        json.loads(raw, object_pairs_hook=_pairs)
    except RecursionError as error:
        raise ParseError("The content is nested too deeply.", code="invalid_json") from error
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> None:
    """Raises ParseError (400); what is read here is thrown away."""
    if len({name for name, _value in pairs}) == len(pairs):
        return
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            text = _("The name “%(name)s” stands twice in one object. Give each name once.")
            raise ParseError(text % {"name": name[:_LONGEST_NAME]}, code="invalid_json")
        seen.add(name)


class JsonRenderer(BaseRenderer):
    """Writes application/json."""

    media_type = MEDIA_TYPE
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)
