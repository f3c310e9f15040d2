"""JSON in and out, by orjson."""

from typing import IO, Any

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

MEDIA_TYPE = "application/json"


def dumps(data: Any) -> bytes:
    """The bytes of a JSON answer. Dates become ISO 8601, ids strings, lazy texts words of the active language."""
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def answer(
    data: Any, *, status: int = 200, etag: str = "", location: str = "", media_type: str = MEDIA_TYPE
) -> HttpResponse:
    """An answer with its bytes made at once, which a list of flat rows needs to be quick."""
    response = HttpResponse(dumps(data), status=status, content_type=media_type)
    if etag:
        response["ETag"] = etag
    if location:
        response["Location"] = location
    return response


class JsonParser(BaseParser):
    """Reads application/json; anything else was refused before (`bodies.load`)."""

    media_type = MEDIA_TYPE

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        return loads(stream.read())


def loads(raw: bytes) -> Any:
    """The value of a JSON text; ParseError (400) with the place of the mistake."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ParseError(
            f"line {error.lineno}, column {error.colno}: {error.msg}", code="invalid_json"
        ) from error


class JsonRenderer(BaseRenderer):
    """Writes application/json."""

    media_type = MEDIA_TYPE
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)
