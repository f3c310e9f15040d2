"""What every operation of the API has in common: added to what the code gives (`core.api.schema`)."""

from typing import Any

import orjson
from django.conf import settings

from core.api import components as parts
from core.api.choices import name_choices
from core.api.components import COMMON_HEADERS, LIMIT_HEADERS

PREFIX = "/api/v1/"
_EVERY = (400, 401, 403, 404, 405, 406, 414, 422, 429, 431, 503)
_OPEN = tuple(code for code in _EVERY if code not in {401, 403})
_WITH_BODY = (409, 411, 413, 415)
_VERSIONED = (412, 428)
_EXPIRING = (410,)
# What stands for a scope where any token will do.
ANY_SCOPE = "*"
#: Answers with an ETag.
_TAGGED = frozenset({"PatientDetail", "ReferralCase", "ConsentRow", "MergePreview", "MergeRow"})
#: How the names of what is sent end: nothing else is taken there.
_SENT = ("Input", "Correction", "Statement")
_TAGS = {
    "about": "Who you are, and what the problems mean.",
    "patients": "The patients of your facility: who they are, who pays, what they consented to.",
    "referrals": "Referrals that your facility sends or receives, and each step of them.",
    "events": "Everything that has changed since, each change once and in one order.",
    "directory": "Facilities, hosts, funds, districts, crossings, codes and agreements.",
}
_REPLAY_HEADERS = ("Idempotent-Replayed", "Idempotent-First-ETag", "Idempotent-State")


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add what every operation has in common: problems, keys, versions, languages, limits."""
    result["info"]["contact"] = _contact()
    result["servers"] = [
        {"url": settings.PUBLIC_URL, "description": "The portal that serves this description."}
    ]
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(parts.problem_schemas())
    for name, schema in schemas.items():
        if name.endswith(_SENT):
            schema["additionalProperties"] = False
            _say_defaults(schema)
    components["parameters"] = parts.parameters()
    components["headers"] = parts.headers()
    components["responses"] = {str(code): parts.problem_response(code) for code in _codes()}
    components["securitySchemes"] = parts.security()
    used = set()
    for methods in result["paths"].values():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                _complete_operation(method, operation)
                used.update(operation["tags"])
    result["tags"] = [{"name": name, "description": text} for name, text in _TAGS.items() if name in used]
    _add_links(result)
    _tidy(result)
    name_choices(schemas)
    return result


def _tidy(node: Any) -> None:
    """Take away marks of spectacular's own, and write a choice that may be null as one that generators name once."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        if None in node.get("enum", ()):
            values = [value for value in node.pop("enum") if value is not None]
            node.pop("type")
            node["oneOf"] = [{"type": "string", "enum": values}, {"type": "null"}]
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _tidy(inner)


def _say_defaults(sent: dict[str, Any]) -> None:
    """What a field that is left out is, in words: to some generators a field with a default is never missing."""
    for field in sent.get("properties", {}).values():
        if "default" in field:
            value = orjson.dumps(field.pop("default")).decode()
            field["description"] = f"{field.get('description', '')} Left out, it is {value}.".strip()


def _contact() -> dict[str, str]:
    contact = {"name": "Operator of the portal", "url": f"{settings.PUBLIC_URL}{PREFIX}docs/"}
    if "@" in settings.SECURITY_CONTACT:
        contact["email"] = settings.SECURITY_CONTACT.removeprefix("mailto:")
    return contact


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
    if parts.reference("parameters", "IfMatch") in operation["parameters"]:
        parameters["header.If-Match"] = "$response.header.ETag"
    return {"operationId": operation["operationId"], "parameters": parameters}


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    scope = operation.pop("x-scope", "")
    codes = list(_EVERY if scope else _OPEN)
    parameters = operation.setdefault("parameters", [])
    _mark_deprecated(parameters)
    parameters.append(parts.reference("parameters", "AcceptLanguage"))
    if method in {"post", "patch"}:
        codes += _WITH_BODY
    once = operation.pop("x-once", False)
    if once:
        codes.append(409)
        parameters.append(parts.reference("parameters", "IdempotencyKey"))
    if operation.pop("x-versioned", False):
        codes += _VERSIONED
        parameters.append(parts.reference("parameters", "IfMatch"))
    if operation.pop("x-expiring", False):
        codes += _EXPIRING
    for code, response in operation["responses"].items():
        _add_headers(code, response, once=once)
    if method == "get" and any("ETag" in one["headers"] for one in operation["responses"].values()):
        parameters.append(parts.reference("parameters", "IfNoneMatch"))
        operation["responses"]["304"] = parts.reference("responses", "304")
    for code in sorted(set(codes)):
        operation["responses"].setdefault(str(code), parts.reference("responses", str(code)))
    one_of = scope if isinstance(scope, list) else [scope]
    clients = [{"client": [] if one == ANY_SCOPE else [one]} for one in one_of]
    operation["security"] = [*clients, {"session": [], "csrf": []}] if scope else []
    for name in [name for name in operation if name.startswith("x-")]:
        del operation[name]


def _mark_deprecated(parameters: list[dict[str, Any]]) -> None:
    for one in parameters:
        if one.get("description", "").startswith("Deprecated:"):
            one["deprecated"] = True


def _add_headers(code: str, response: dict[str, Any], *, once: bool) -> None:
    """The headers of an answer that succeeded."""
    names = [*COMMON_HEADERS, *LIMIT_HEADERS]
    if any(_answers_with(response, name) for name in _TAGGED):
        names.append("ETag")
    if code == "201":
        names.append("Location")
    if once:
        names += _REPLAY_HEADERS
    response["headers"] = {name: parts.reference("headers", name) for name in names}


def _codes() -> list[int]:
    return [304, *sorted({*_EVERY, *_WITH_BODY, *_VERSIONED, *_EXPIRING})]
