"""The description of the API: valid, complete, and the same in every language."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from core.api.about import schema
from core.api.permissions import SCOPES
from core.api.views import ApiView

OPERATIONS = [
    (path, method, operation)
    for path, methods in schema()["paths"].items()
    for method, operation in methods.items()
    if method in {"get", "post", "patch"}
]
IDS = [operation["operationId"] for _path, _method, operation in OPERATIONS]
#: They make something new, of what must be as the client saw it.
CHANGES_WHAT_WAS = {"mergePatients"}


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    described = schema()
    assert described["openapi"].startswith("3.1")

    def follow(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                target: Any = described
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]
            for inner in node.values():
                follow(inner)
        elif isinstance(node, list):
            for inner in node:
                follow(inner)

    follow(described)
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_an_operation_says_what_can_go_wrong(path: str, method: str, operation: dict[str, Any]) -> None:
    codes = set(operation["responses"])
    assert operation["summary"]
    assert operation["description"]
    assert {"404", "405", "406", "422", "429", "503"} <= codes
    if "problems" in path:
        assert operation["security"] == []
        return
    scopes = operation["security"][0]["client"]
    assert {"401", "403"} <= codes
    if path.endswith("/me/"):
        assert scopes == []
        return
    assert scopes[0] in SCOPES
    assert scopes[0].endswith("read" if method == "get" else "write")
    if method != "get":
        assert {"409", "413", "415"} <= codes


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_a_change_needs_if_match_and_a_post_takes_a_key(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    names = {parameter.get("$ref", "").rpartition("/")[2] for parameter in operation["parameters"]}
    creates = method == "post" and "201" in operation["responses"]
    changes = not creates or operation["operationId"] in CHANGES_WHAT_WAS
    assert ("IfMatch" in names) == (method == "patch" or (method == "post" and changes))
    assert ("IdempotencyKey" in names) == (method == "post")


def test_every_post_handler_honours_the_key() -> None:
    handlers = [view.post for view in _every(ApiView) if "post" in view.__dict__]
    assert len(handlers) >= 20
    assert all(getattr(handler, "honours_key", False) for handler in handlers)


def _every(view: type) -> list[type]:
    return [view, *(found for below in view.__subclasses__() for found in _every(below))]


@pytest.mark.django_db
def test_it_is_served_in_english_to_everybody(client: Client) -> None:
    schema.cache_clear()
    with translation.override("ru"):
        response = client.get("/api/v1/schema/", headers={"Accept-Language": "ru"})
    assert response.status_code == 200
    assert response.json()["components"]["schemas"]["ProblemError"]["description"].startswith("One field")
    assert response.json()["info"]["title"] == "Patient mobility portal"


@pytest.mark.django_db
def test_the_documentation_page_has_local_assets_and_no_inline_script(client: Client) -> None:
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("<script") == page.count("<script src=")
    assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_problem_s_type_explains_itself(client: Client) -> None:
    refused = client.get("/api/v1/referrals/")
    assert refused.status_code == 401
    explained = client.get(refused.json()["type"], headers={"Accept-Language": "ru"})
    assert explained.status_code == 200
    assert explained.json()["code"] == "not_authenticated"
