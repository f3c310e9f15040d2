"""The OpenAPI description: what the code says, plus what is the same for every operation."""

from datetime import date, datetime
from inspect import cleandoc
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import append_meta, build_array_type, build_basic_type, build_object_type

from core.api.answers import Answer, Listing, OneOf, Page, Row
from core.api.described import ANY_SCOPE, PREFIX

_PLAIN = (str, bool, int, float, date, datetime, UUID)


#: For `extend_schema(extensions=…)`: the operation needs If-Match.
VERSIONED = {"x-versioned": True}
EXPIRING = {"x-expiring": True}  # the place at which it begins may be gone


def page_of(name: str, row: type[Answer]) -> type[Answer]:
    """The component of one page of a list of such rows; the answer itself is a `Page`."""
    return _with_rows(Page, name, row)


def list_of(name: str, row: type[Answer]) -> type[Answer]:
    """The component of a whole list of such rows; the answer itself is a `Listing`."""
    return _with_rows(Listing, name, row)


def _with_rows(base: type[Answer], name: str, row: type[Answer]) -> type[Answer]:
    return type(name, (base,), {"__annotations__": {"results": GenericAlias(list, row)}})


class _Answers(OpenApiSerializerExtension):
    """Describes an `Answer`: a component named after the class, a property for each field."""

    target_class = Answer
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        hints = get_type_hints(self.target, include_extras=True)
        return build_object_type(
            properties={name: _schema_of(hint, auto_schema) for name, hint in hints.items()},
            required=[] if issubclass(self.target, Row) else list(hints),
            description=cleandoc(self.target.__doc__ or ""),
        )


def _schema_of(hint: Any, components: AutoSchema) -> dict[str, Any]:
    """The JSON schema of a field's type. Raises TypeError for one that can't be written or described."""
    kind, parts = get_origin(hint), get_args(hint)
    if kind is Annotated:
        schema = _schema_of(parts[0], components)
        for note in parts[1:]:
            if isinstance(note, OneOf):
                schema = dict(append_meta(schema, _open_enumeration(note, schema.get("description", ""))))
            else:
                said = schema.get("description", "")
                schema = dict(append_meta(schema, {"description": f"{note} {said}".strip()}))
        return schema
    if kind in (Union, UnionType) and parts[1:] == (NoneType,):
        return dict(append_meta(_schema_of(parts[0], components), {"nullable": True}))
    if kind is list:
        return dict(build_array_type(_schema_of(parts[0], components)))
    if kind is dict:
        return dict(build_object_type(additionalProperties=_schema_of(parts[1], components)))
    if hint in _PLAIN:
        return dict(build_basic_type(hint) or {})
    if kind is None and issubclass(hint, Answer):
        return dict(components.resolve_serializer(hint, "response").ref)
    raise TypeError(f"{hint} has no form in an answer")


def _open_enumeration(choice: OneOf, said: str) -> dict[str, Any]:
    """The values of a text that we answer with: more may be added within a version, so a client must take any text.

    What is sent is closed instead: there an unknown value is a mistake.
    """
    values = [str(one) for one in choice.values]
    named = ", ".join(value for value in values if value)
    empty = ", or empty" if "" in values else ""
    return {
        "x-extensible-enum": values,
        "description": f"{said} One of {named}{empty}. More may be added.".strip(),
    }


class PortalSchema(AutoSchema):
    """One tag a resource, and the scope that an operation needs, or those of which it needs one."""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "section", "") or getattr(self.view, "resource", "") or "about"]

    def get_auth(self) -> list[Any]:
        return []  # `complete` says it for all

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            resource = getattr(self.view, "resource", "")
            kind = "read" if self.method == "GET" or getattr(self.view, "only_reads", False) else "write"
            signed_in = ANY_SCOPE if self.view.permission_classes else ""
            if self.method in {"POST", "PATCH", "DELETE"}:
                handler = getattr(self.view, self.method.lower(), None)
                operation["x-once"] = getattr(handler, "honours_key", False)
            any_of = getattr(self.view, "any_scope_of", None)
            operation["x-scope"] = any_of or (f"{resource}:{kind}" if resource else signed_in)
        return operation


def only_ours(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """Describe the API alone."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]
