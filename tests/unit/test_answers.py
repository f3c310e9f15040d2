"""A field of an answer is described once: by its class, which is written, described and chosen from."""

from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

import pytest
from django.test import override_settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from core.api import cursors
from core.api.answers import Answer, OneOf, Row, chosen
from core.api.fields import ListQuery
from core.api.jsonio import dumps
from core.api.schema import page_of
from core.errors import Invalid

ID = UUID(int=7)


class Part(Answer):
    """A part of something."""

    code: Annotated[str, "The code to send."]


class Thing(Row):
    """Something in a list."""

    id: UUID
    day: date | None
    kind: Annotated[str, OneOf(("red", "blue"))] | None
    parts: list[Part]
    more: dict[str, int]
    part: Part | None
    self: str


class Whole(Thing):
    weight: Annotated[Annotated[str, OneOf(("light", "heavy"))], "Of the whole."]


def thing(**changes: Any) -> Thing:
    source = SimpleNamespace(day=date(2026, 11, 25), kind="red", more={"a": 1}, part=None, unseen="never")
    return Thing.filled(source, **{"id": ID, "parts": [Part(code="x")], "self": "/things/7/"} | changes)


def described(kind: type[Answer]) -> dict[str, Any]:
    """The components of a description of `kind`, by name."""
    components = AutoSchema()
    components.registry = ComponentRegistry()
    components.resolve_serializer(kind, "response")
    return {name: one.schema for (name, _type), one in components.registry._components.items()}


def test_an_answer_is_filled_by_name_written_in_order_and_chosen_from() -> None:
    whole = b'{"id":"00000000-0000-0000-0000-000000000007","day":"2026-11-25","kind":"red",'
    rest = b'"parts":[{"code":"x"}],"more":{"a":1},"part":null,"self":"/things/7/"}'
    assert dumps(thing()) == whole + rest
    rows = [thing()]
    assert chosen(rows, None) is rows
    assert dumps(chosen(rows, frozenset())) == b"[{}]"
    assert (
        dumps(chosen([thing()], frozenset({"self", "day"}))) == b'[{"day":"2026-11-25","self":"/things/7/"}]'
    )
    assert Thing.names() == {"id", "day", "kind", "parts", "more", "part", "self"}
    with pytest.raises(TypeError, match="colour"):
        thing(colour="blue")
    with pytest.raises(AttributeError, match="weight"):
        Whole.filled(thing())


def test_the_description_follows_from_the_types() -> None:
    found = described(page_of("ThingPage", Thing))
    assert found["ThingPage"] == {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
            "next": {"type": ["string", "null"]},
            "next_cursor": {"type": ["string", "null"]},
        },
        "required": ["next", "next_cursor", "results"],
    }
    # Any field of a row may be left out by `?fields=`, so none is required.
    assert found["Thing"] == {
        "type": "object",
        "description": "Something in a list.",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "day": {"type": ["string", "null"], "format": "date"},
            "kind": {
                "type": ["string", "null"],
                "x-extensible-enum": ["red", "blue"],
                "description": "One of red, blue. More may be added.",
            },
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            "more": {"type": "object", "additionalProperties": {"type": "integer"}},
            "part": {"oneOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]},
            "self": {"type": "string"},
        },
    }
    assert found["Part"] == {
        "type": "object",
        "description": "A part of something.",
        "properties": {"code": {"type": "string", "description": "The code to send."}},
        "required": ["code"],
    }
    weight = described(Whole)["Whole"]["properties"]["weight"]
    assert weight == {
        "type": "string",
        "x-extensible-enum": ["light", "heavy"],
        "description": "Of the whole. One of light, heavy. More may be added.",
    }
    assert "description" not in described(Whole)["Whole"]


def test_a_type_that_has_no_form_in_json_is_refused() -> None:
    class Wrong(Answer):
        names_by_number: set[str]

    with pytest.raises(TypeError):
        described(Wrong)


def test_a_cursor_outlives_a_change_of_the_key_and_nothing_else() -> None:
    keyset = cursors.newest_first("created_at")
    value = "2026-11-25T09:00:00+00:00"
    with override_settings(SECRET_KEY="old" * 20):
        cursor = cursors.make(keyset.parse(value), ID, "bound")
        assert cursor == cursors.make(keyset.parse(value), ID, "bound")
    assert len(cursor) <= (ListQuery().fields["cursor"].max_length or 0)
    with override_settings(SECRET_KEY="new" * 20, SECRET_KEY_FALLBACKS=["old" * 20]):
        assert cursors.place(keyset, cursor, "bound") == (keyset.parse(value), str(ID))
        payload, _dot, signature = cursor.rpartition(".")
        for wrong in (payload, f"{payload}x.{signature}", f"{payload}.{signature[:-1]}", "", ".", "é.é"):
            with pytest.raises(Invalid):
                cursors.place(keyset, wrong, "bound")
        with pytest.raises(Invalid):
            cursors.place(keyset, cursor, "other")
    with override_settings(SECRET_KEY="new" * 20), pytest.raises(Invalid):
        cursors.place(keyset, cursor, "bound")
