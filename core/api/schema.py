"""The OpenAPI description: what the code says, plus what is the same for every operation."""

from datetime import date, datetime
from inspect import cleandoc
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.conf import settings
from django.utils import translation
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import append_meta, build_array_type, build_basic_type, build_object_type

from core.api.answers import Answer, Listing, OneOf, Page, Row
from core.api.kinds import KINDS
from core.api.permissions import SCOPES
from core.api.problems import MEDIA_TYPE
from core.errors import Text

PREFIX = "/api/v1/"
_PLAIN = (str, bool, int, float, date, datetime, UUID)
_EVERY = (400, 401, 403, 404, 405, 406, 422, 429, 503)
_WITH_BODY = (409, 413, 415)
_VERSIONED = (412, 428)
_EXPIRING = (410,)


# What stands for a scope where any token will do.
ANY_SCOPE = "*"
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
            is_choice = isinstance(note, OneOf)
            more = {"enum": [str(one) for one in note.values]} if is_choice else {"description": note}
            schema = dict(append_meta(schema, more))
        return schema
    if kind in (Union, UnionType) and parts[1:] == (NoneType,):
        schema = dict(append_meta(_schema_of(parts[0], components), {"nullable": True}))
        return schema | {"enum": [*schema["enum"], None]} if "enum" in schema else schema
    if kind is list:
        return dict(build_array_type(_schema_of(parts[0], components)))
    if kind is dict:
        return dict(build_object_type(additionalProperties=_schema_of(parts[1], components)))
    if hint in _PLAIN:
        return dict(build_basic_type(hint) or {})
    if kind is None and issubclass(hint, Answer):
        return dict(components.resolve_serializer(hint, "response").ref)
    raise TypeError(f"{hint} has no form in an answer")


class PortalSchema(AutoSchema):
    """One tag a resource, and the scope that an operation needs, or those of which it needs one."""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", "") or getattr(self.view, "resource", "") or "about"]

    def get_auth(self) -> list[Any]:
        return []  # `complete` says it for all

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            resource = getattr(self.view, "resource", "")
            kind = "read" if self.method == "GET" else "write"
            signed_in = ANY_SCOPE if self.view.permission_classes else ""
            any_of = getattr(self.view, "any_scope_of", None)
            operation["x-scope"] = any_of or (f"{resource}:{kind}" if resource else signed_in)
        return operation


def only_ours(endpoints: list[Any], **_kwargs: Any) -> list[Any]:
    """Describe the API alone."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add what every operation has in common: problems, keys, versions, languages, limits."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(_problem_schemas())
    for name, schema in schemas.items():
        if name.endswith("Input"):
            schema["additionalProperties"] = False
    components["parameters"] = _parameters()
    components["responses"] = {str(code): _problem_response(code) for code in _codes()}
    components["securitySchemes"] = _security()
    for methods in result["paths"].values():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                _complete_operation(method, operation)
    _add_links(result)
    return result


def _add_links(result: dict[str, Any]) -> None:
    """From each answer that holds a case or a patient to what can be done with it next."""
    operations = [
        (path, operation) for path, methods in result["paths"].items() for operation in methods.values()
    ]
    for name, collection in (("ReferralCase", "referrals"), ("PatientDetail", "patients")):
        targets = [
            operation
            for path, operation in operations
            if path.startswith(f"{PREFIX}{collection}/{{id}}/") and "{number}" not in path
        ]
        for _path, operation in operations:
            for code, response in operation["responses"].items():
                if code.startswith("2") and _answers_with(response, name):
                    response["links"] = {one["operationId"]: _link(one) for one in targets}


def _answers_with(response: dict[str, Any], name: str) -> bool:
    schemas = [one.get("schema", {}) for one in response.get("content", {}).values()]
    return any(schema.get("$ref") == f"#/components/schemas/{name}" for schema in schemas)


def _link(operation: dict[str, Any]) -> dict[str, Any]:
    parameters = {"path.id": "$response.body#/id"}
    if _reference("parameters", "IfMatch") in operation["parameters"]:
        parameters["header.If-Match"] = "$response.header.ETag"
    return {"operationId": operation["operationId"], "parameters": parameters}


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    scope = operation.pop("x-scope", "")
    codes = list(_EVERY) if scope else [404, 405, 406, 422, 429, 503]
    parameters = operation.setdefault("parameters", [])
    parameters.append(_reference("parameters", "AcceptLanguage"))
    if method in {"post", "patch"}:
        codes += _WITH_BODY
    if method == "post":
        parameters.append(_reference("parameters", "IdempotencyKey"))
    if operation.pop("x-versioned", False):
        codes += _VERSIONED
        parameters.append(_reference("parameters", "IfMatch"))
    if operation.pop("x-expiring", False):
        codes += _EXPIRING
    for code in sorted(codes):
        operation["responses"].setdefault(str(code), _reference("responses", str(code)))
    one_of = scope if isinstance(scope, list) else [scope]
    clients = [{"client": [] if one == ANY_SCOPE else [one]} for one in one_of]
    operation["security"] = [*clients, {"session": [], "csrf": []}] if scope else []
    for name in [name for name in operation if name.startswith("x-")]:
        del operation[name]


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _codes() -> list[int]:
    return sorted({*_EVERY, *_WITH_BODY, *_VERSIONED, *_EXPIRING})


def _parameters() -> dict[str, Any]:
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
            "description": "A random key, new for each new request: sent again, it gets the first answer again. "
            "Kept for seven days.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "minLength": 1, "maxLength": 255},
        },
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "description": "The ETag of the version that was read.",
            "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "examples": ['"3"']},
        },
    }


def _security() -> dict[str, Any]:
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


def _problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    error = dict.fromkeys(("pointer", "field", "code", "detail", "remedy"), text)
    problem = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": text,
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(KINDS)},
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
                "errors": {"type": "array", "items": _reference("schemas", "ProblemError")},
                "allowed": {
                    "type": "array",
                    "items": text,
                    "description": "With illegal_transition: the steps that are allowed now.",
                },
                "candidates": {"type": "array", "items": _reference("schemas", "PatientRow")},
                "oldest": {**text, "description": "With events_gone: the oldest event that is kept."},
                "newest": {**text, "description": "With events_gone: the place behind everything."},
            },
            "required": list(problem),
        },
    }


def _problem_response(code: int) -> dict[str, Any]:
    kinds = [(name, kind) for name, kind in KINDS.items() if kind.status == code]
    response: dict[str, Any] = {
        "description": " ".join(f"{name}: {_in_english(kind.title)}." for name, kind in kinds),
        "content": {MEDIA_TYPE: {"schema": _reference("schemas", "Problem")}},
    }
    header = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}.get(code)
    if header:
        response["headers"] = {header: {"required": True, "schema": {"type": "string"}}}
    return response


def _in_english(text: Text) -> str:
    with translation.override("en"):
        return str(text)
