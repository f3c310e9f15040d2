"""The description of the API: valid, complete, and the same in every language."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator, FormatChecker

from core.api.about import schema
from core.api.permissions import SCOPES
from core.api.views import ApiView
from referrals.search import numbers_in

OPERATIONS = [
    (path, method, operation)
    for path, methods in schema()["paths"].items()
    for method, operation in methods.items()
    if method in {"get", "post", "patch", "delete"}
]
IDS = [operation["operationId"] for _path, _method, operation in OPERATIONS]
#: They make something new, of what must be as the client saw it.
CHANGES_WHAT_WAS = {"mergePatients"}
#: What they end has no version: it ends once, and is told as ended to who comes late.
ENDS_ONCE = {"endLink", "reviewEmergencyAccess"}
#: A POST because what is looked for may not stand in an address.
READS = {"searchPatients"}


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
    reads = method == "get" or operation["operationId"] in READS
    assert scopes[0].endswith("read" if reads else "write")
    if method in {"post", "patch"}:
        assert {"409", "411", "413", "415"} <= codes


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=IDS)
def test_a_change_needs_if_match_and_a_post_takes_a_key(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    names = {parameter.get("$ref", "").rpartition("/")[2] for parameter in operation["parameters"]}
    creates = method == "post" and "201" in operation["responses"]
    changes = not creates or operation["operationId"] in CHANGES_WHAT_WAS
    changes = changes and operation["operationId"] not in ENDS_ONCE
    writes = method != "get" and operation["operationId"] not in READS
    assert ("IfMatch" in names) == (writes and (method != "post" or changes))
    assert ("IdempotencyKey" in names) == (method != "get")


def test_every_handler_that_changes_something_honours_the_key_and_knows_what_to_answer_then() -> None:
    changing = [
        (view, view.__dict__[method])
        for view in _every(ApiView)
        for method in ("post", "patch", "delete")
        if method in view.__dict__
    ]
    assert len(changing) >= 25
    assert all(getattr(handler, "honours_key", False) for _view, handler in changing)
    assert not [view for view, _handler in changing if view.again is ApiView.again]


def test_it_says_what_a_linter_and_a_generator_ask_for() -> None:
    """What needs no network of redocly's and spectral's recommended rules; docs/api.md names the one exception."""
    described = schema()
    assert described["info"]["contact"]["url"]
    assert described["info"]["license"]["identifier"]
    assert described["servers"][0]["url"].startswith("http")
    tags = {tag["name"] for tag in described["tags"] if tag["description"]}
    headers = described["components"]["headers"]
    for path, method, operation in OPERATIONS:
        assert set(operation["tags"]) <= tags, path
        assert path.endswith("/"), "the exception: addresses end with a slash, as the portal's own do"
        good = [response for code, response in operation["responses"].items() if code.startswith("2")]
        assert good, path
        for response in good:
            assert {"X-Request-ID", "Content-Language"} <= response["headers"].keys() <= headers.keys()
            shown = [one["schema"].get("$ref", "") for one in response.get("content", {}).values()]
            tagged = any(name.endswith(("/ReferralCase", "/PatientDetail", "/ConsentRow")) for name in shown)
            assert not tagged or "ETag" in response["headers"], path
        assert ("304" in operation["responses"]) == (method == "get" and "ETag" in good[0]["headers"])
        for one in operation["parameters"]:
            assert one.get("$ref") or one["schema"], path
    for code, response in described["components"]["responses"].items():
        assert "X-Request-ID" in response["headers"], code

    def enumerations(node: Any, place: str) -> None:
        """A client may meet a new value in an answer, so no answer has a closed list of them."""
        if isinstance(node, dict):
            assert "enum" not in node, place
            for name, inner in node.items():
                enumerations(inner, f"{place}/{name}")

    for name, one in described["components"]["schemas"].items():
        if not name.endswith(("Input", "Correction", "Statement", "Choice")):
            enumerations(one, name)
            assert "Choice" not in str(one), "a closed choice is for what is sent alone"
    state = described["components"]["schemas"]["ReferralCase"]["properties"]["state"]
    assert "sent" in state["x-extensible-enum"]
    listed = {one.get("name"): one for one in described["paths"]["/api/v1/referrals/"]["get"]["parameters"]}
    assert listed["state"]["schema"]["type"] == "array"


def test_every_example_is_of_its_schema() -> None:
    described = schema()
    found = list(_examples(described))
    assert len(found) >= 10
    for place, one, example in found:
        whole = {**one, "components": described["components"]}
        errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(example))
        assert not errors, (place, example, errors[0].message)
    numbers = [
        example for place, _one, example in found if "/api/v1/referrals/" in place and "number" in place
    ]
    assert [numbers_in(example) for example in numbers] == [[example] for example in numbers]
    assert numbers
    sent = {place.split("/requestBody")[0] for place, _one, _example in found if "requestBody" in place}
    assert len(sent) >= 3, "what is sent most is shown whole"


def _examples(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Where an example stands, the schema that it is of, and the example."""
    if isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _examples(
                inner, f"{place}/{inner.get('name', number) if isinstance(inner, dict) else number}"
            )
    elif isinstance(node, dict):
        given, one = node.get("examples"), node.get("schema", node)
        if isinstance(given, list):
            yield from ((place, one, example) for example in given)
        elif isinstance(given, dict) and "schema" in node:
            yield from ((place, one, example["value"]) for example in given.values())
        if "schema" in node and "example" in node:
            yield place, one, node["example"]
        for name, inner in node.items():
            if name not in {"examples", "example"}:
                yield from _examples(inner, f"{place}/{name}")


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
