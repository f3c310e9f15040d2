"""The API as a Postman collection (format 2.1), made from its description; Bruno and others import it too."""

import json
import re
from typing import Any

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_MOST_DEPTH = 6


def collection(described: dict[str, Any]) -> dict[str, Any]:
    """One folder a resource, one request an operation, and the request for a token that fills the variable."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            folders.setdefault(operation["tags"][0], []).append(_request(described, path, method, operation))
    return {
        "info": {"name": described["info"]["title"], "schema": _SCHEMA},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "variable": [
            {"key": name, "value": value}
            for name, value in (
                ("url", "http://127.0.0.1:8000"),
                ("client_id", ""),
                ("client_secret", ""),
                ("token", ""),
                ("etag", ""),
            )
        ],
        "item": [_token(), *({"name": name, "item": items} for name, items in sorted(folders.items()))],
    }


def text(described: dict[str, Any]) -> str:
    """The collection as it stands in its file."""
    return json.dumps(collection(described), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def _token() -> dict[str, Any]:
    form = {
        "grant_type": "client_credentials",
        "client_id": "{{client_id}}",
        "client_secret": "{{client_secret}}",
    }
    return {
        "name": "Get a token",
        "event": [
            {
                "listen": "test",
                "script": {
                    "type": "text/javascript",
                    "exec": ["pm.collectionVariables.set('token', pm.response.json().access_token);"],
                },
            }
        ],
        "request": {
            "auth": {"type": "noauth"},
            "method": "POST",
            "header": [],
            "url": "{{url}}/oauth/token",
            "body": {
                "mode": "urlencoded",
                "urlencoded": [{"key": key, "value": value, "type": "text"} for key, value in form.items()],
            },
        },
    }


def _request(described: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(described, one) for one in operation.get("parameters", [])]
    query = [
        {"key": one["name"], "value": "", "disabled": not one.get("required", False)}
        for one in parameters
        if one["in"] == "query"
    ]
    address = "{{url}}" + re.sub(r"\{(\w+)\}", r":\1", path)
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": [_header(one["name"]) for one in parameters if one["in"] == "header"],
        "url": {
            "raw": address,
            "host": ["{{url}}"],
            "path": list(address.removeprefix("{{url}}/").split("/")),
            "query": query,
            "variable": [{"key": one["name"], "value": ""} for one in parameters if one["in"] == "path"],
        },
        "description": operation.get("description", ""),
    }
    if body := operation.get("requestBody"):
        schema = body["content"]["application/json"]["schema"]
        example = json.dumps(_example(described, schema, 0), indent=2, ensure_ascii=False)
        request["body"] = {"mode": "raw", "raw": example, "options": {"raw": {"language": "json"}}}
    return {"name": operation["summary"], "request": request}


def _header(name: str) -> dict[str, Any]:
    values = {"Idempotency-Key": "{{$guid}}", "If-Match": "{{etag}}", "Accept-Language": "en"}
    return {"key": name, "value": values.get(name, "")}


def _resolved(described: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    target: Any = node
    if "$ref" in node:
        target = described
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
    found: dict[str, Any] = target
    return found


def _example(described: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    """A value of the schema's form: what is required, with the first value of a list of values."""
    schema = _resolved(described, schema)
    for way in ("allOf", "oneOf", "anyOf"):
        if way in schema:
            return _example(described, schema[way][0], depth)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("examples"):
        return schema["examples"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" and depth < _MOST_DEPTH:
        wanted = schema.get("required", [])
        return {
            name: _example(described, inner, depth + 1)
            for name, inner in schema.get("properties", {}).items()
            if name in wanted
        }
    if kind == "array":
        return [_example(described, schema["items"], depth + 1)]
    by_format = {"date": "2026-01-31", "date-time": "2026-01-31T09:00:00+05:00", "uuid": "{{$guid}}"}
    return {"integer": 1, "number": 1, "boolean": False}.get(
        kind or "", by_format.get(schema.get("format", ""), "")
    )
