"""The OpenAPI description: what the code says, plus what is the same for every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

PREFIX = "/api/v1/"
_EVERY = (400, 401, 403, 404, 405, 406, 422, 429, 503)
_WITH_BODY = (409, 413, 415)
_VERSIONED = (412, 428)


#: For `extend_schema(extensions=…)`: the operation needs If-Match.
VERSIONED = {"x-versioned": True}


def page_of(name: str, row: type[serializers.Serializer]) -> serializers.Serializer:
    """One page of a list: its rows, and where the next one is."""
    return inline_serializer(
        name,
        {
            "results": row(many=True),
            "next": serializers.CharField(allow_null=True),
            "next_cursor": serializers.CharField(allow_null=True),
        },
    )


def list_of(name: str, row: type[serializers.Serializer]) -> serializers.Serializer:
    """A whole list."""
    return inline_serializer(name, {"results": row(many=True)})


class PortalSchema(AutoSchema):
    """Operation ids and tags that read well; `view.versioned` names the methods that need If-Match."""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "resource", "") or "api"]

    def get_filter_backends(self) -> list[Any]:
        return []


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
    components["responses"] = {str(code): _problem_response(code) for code in _codes()}
    components["securitySchemes"] = _security()
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                _complete_operation(path, method, operation)
    return result


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    open_to_all = operation.get("security") == [{}] or operation.pop("x-open", False)
    codes = list(_EVERY)
    parameters = operation.setdefault("parameters", [])
    parameters.append({"$ref": "#/components/parameters/AcceptLanguage"})
    if method in {"post", "patch"}:
        codes += _WITH_BODY
    if method == "post":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if operation.pop("x-versioned", False):
        codes += _VERSIONED
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
    for code in codes:
        operation["responses"].setdefault(str(code), {"$ref": f"#/components/responses/{code}"})
    for code, response in operation["responses"].items():
        if code.startswith("2"):
            response.setdefault("headers", {})["API-Version"] = {"schema": {"type": "string"}}
    scope = operation.pop("x-scope", "")
    if open_to_all:
        operation["security"] = []
    else:
        operation["security"] = [{"client": [scope] if scope else []}, {"session": [], "csrf": []}]


def _codes() -> list[int]:
    return sorted({*_EVERY, *_WITH_BODY, *_VERSIONED})


def _security() -> dict[str, Any]:
    return {}


def _problem_schemas() -> dict[str, Any]:
    return {}


def _problem_response(code: int) -> dict[str, Any]:
    return {}
