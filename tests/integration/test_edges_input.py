"""What nobody types, sent to every address in every place: it is refused at once, and never a fault of the portal."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.test_url_matrix import COLUMNS, PARTS, address, addresses, people, things
from tests.integration.test_url_matrix import ask as undone

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["things"]
pytestmark = [pytest.mark.django_db]
#: As they stand in an address. The first are no text at all.
BROKEN = ("%00", "a%00b", "%FF", "%ED%A0%80", "%C0%80", "%E2%28%A1")
ODD = (
    "1e999", "-1e999", "NaN", "9" * 30, "9" * 4400, "-1", "0x10", "%D9%A3", "x" * 3000, "%F0%9F%92%A9", "%E2%80%8B",
    "%27%22%3E%3Cscript%3E", "2026-99-99", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "[]", "{}",
    "..%2F..", "%0D%0ASet-Cookie:a=b", "//evil.example", "KG,KZ,,", "%25", "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
#: Each round gives each place another value; EDGES_ROUNDS=30 has every value in every place.
ROUNDS = int(os.environ.get("EDGES_ROUNDS", "1"))


def mixed(names: list[str], turn: int) -> str:
    """Names with odd values, others in each turn."""
    return "&".join(f"{name}={ODD[(place * 7 + turn) % len(ODD)]}" for place, name in enumerate(names))


def broken(names: list[str], turn: int) -> str:
    """One name with a value that is no text, another in each turn, beside one that is fine."""
    return f"fine=1&{names[turn % len(names)]}={BROKEN[turn % len(BROKEN)]}"


def parameter_names() -> list[str]:
    """Every name that the code looks for in an address, or could."""
    texts = [path.read_text("utf-8") for room in ("core", "facilities", "patients", "agreements", "referrals", "portal")
             for path in (ROOT / room).rglob("*.py")]  # fmt: skip
    found = {
        name for text in texts for name in re.findall(r"""GET(?:\.get\(|\.getlist\(|\[)\s*"(\w+)""", text)
    }
    assert {"q", "page", "part", "s", "next", "country", "tab", "look", "typed", "patient"} <= found
    return sorted(
        found
        | {
            "limit",
            "cursor",
            "fields",
            "order",
            "sort",
            "specialty",
            "region",
            "level",
            "near",
            "e",
            "o",
            "p",
        }
    )


def reader_of(name: str, row: dict[str, list[int]], method: str) -> str:
    """Somebody to whom the page opens."""
    return next(
        (who for who, status in zip(COLUMNS["pages"], row[method], strict=True) if status in {200, 422}),
        "clinician",
    )


def pages(things: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, list[int]]]]:
    patterns = dict(addresses(get_resolver()))
    for name, row in PARTS["pages"].items():
        yield name, address(name, patterns[name], things), row


def test_odd_parameters_of_every_page(world: World, things: dict[str, Any]) -> None:
    clients, names = people(world), parameter_names()
    wrong = []
    for place, (name, url, row) in enumerate(pages(things)):
        client = clients[reader_of(name, row, "GET")]
        for turn in range(ROUNDS):
            status = undone(client, "GET", f"{url}?{mixed(names, turn)}")
            if status >= 500:
                wrong.append(f"{name} in turn {turn}: {status}")
        if (status := undone(client, "GET", f"{url}?{broken(names, place)}")) != 400:
            wrong.append(f"{name}?{broken(names, place)}: {status}")
    assert not wrong


def test_odd_content_of_every_form(world: World, things: dict[str, Any]) -> None:
    """Each field of each form as the page shows it."""
    clients, wrong = people(world), []
    form = {"content_type": "application/x-www-form-urlencoded"}
    many = "&".join(f"unknown{number}=1" for number in range(60_000))
    for place, (name, url, row) in enumerate(pages(things)):
        if set(row["POST"]) <= {302, 403, 404, 405} and "set_language" not in name and "switch" not in name:
            continue
        client = clients[reader_of(name, row, "POST")]
        fields = set(re.findall(r'name="([\w-]+)"', client.get(url).content.decode()))
        names = sorted(
            one for one in fields - {"csrfmiddlewaretoken", "back"} if not one.endswith("_search")
        ) or ["next", "q", "language", "organisation"]
        for turn in range(ROUNDS):
            status = undone(client, "POST", url, data=mixed(names, turn), **form)
            if status >= 500:
                wrong.append(f"POST {name} in turn {turn}: {status}")
            nulls = "&".join(f"{one}=a%00b" for one in names)
            status = undone(client, "POST", url, data=nulls, **form)
            if status >= 500 or (status == 200 and "autosave" not in name):
                wrong.append(f"POST {name} with null characters: {status}")
        if (
            status := undone(client, "POST", url, data=f"{names[0]}={BROKEN[-1 - place % 4]}", **form)
        ) != 400:
            wrong.append(f"POST {name} with no text: {status}")
        if place % 4 == 0 and (status := undone(client, "POST", url, data=many, **form)) != 400:
            wrong.append(f"POST {name} with 60,000 fields: {status}")
    assert not wrong


def test_odd_addresses(world: World, things: dict[str, Any]) -> None:
    """In the place of each number, id, word and code of an address."""
    clients, wrong = people(world), []
    headers = {"Authorization": f"Bearer {make_api(world.korday).token}"}
    values = (
        "%00",
        "%FF",
        "9" * 30,
        "9" * 4400,
        "-1",
        "a" * 3000,
        "%0A",
        "%E2%80%8B",
        "x%00y",
        "1e999",
        "..%2F",
    )
    for place, (name, pattern) in enumerate(addresses(get_resolver())):
        for parameter in pattern.pattern.converters:
            url = address(name, pattern, things) if name != "api:unknown" else "/api/v1/nothing/"
            kept = str(_value_in(url, pattern, parameter))
            for value in {values[(place + turn) % len(values)] for turn in range(ROUNDS)} | {"%00"}:
                odd = url.replace(f"/{kept}/", f"/{value}/")
                for method in ("GET", "POST") if ROUNDS > 2 else ("GET",):
                    client = clients[reader_of(name, PARTS["pages"].get(name, {}) or _anybody(), method)]
                    status = undone(client, method, odd, headers=headers if odd.startswith("/api/") else {})
                    if status >= 500 or status == 200:
                        wrong.append(f"{method} {name} {parameter}={value[:20]}: {status}")
    assert not wrong


def _anybody() -> dict[str, list[int]]:
    return {method: [404] * len(COLUMNS["pages"]) for method in ("GET", "POST")}


def _value_in(url: str, pattern: Any, parameter: str) -> str:
    found = get_resolver().resolve(url)
    return str(found.kwargs[parameter]) if parameter in found.kwargs else "nothing"


def test_odd_parameters_and_addresses_of_the_admin(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.users["administrator"], backend="django.contrib.auth.backends.ModelBackend")
    wrong = []
    values = ("%00", "%FF", "1e999", "9" * 30, "-1", "x" * 2000, "%E2%80%8B")
    names = ("q", "o", "p", "e", "id__exact", "pk__in", "id__gt", "nothing", "_to_field", "all")
    for place, model in enumerate(admin.site._registry):
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        try:
            listed, shown = reverse(f"{base}_changelist"), reverse(f"{base}_change", args=["1"])
        except NoReverseMatch:
            continue
        for turn in range(ROUNDS):
            value = values[(place + turn) % len(values)]
            urls = [f"{listed}?{name}={value}" for name in names[turn % 2 :: 2]]
            for url in (*urls, shown.replace("/1/", f"/{value}/")):
                status = undone(client, "GET", url)
                if status >= 500 or (value in BROKEN and status != 400):
                    wrong.append(f"{url[:90]}: {status}")
    assert not wrong


def operations() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Method, path, parameters of the address and fields of the content, as the schema has them."""
    schema = json.loads(
        Client().get("/api/v1/schema/?format=json", headers={"Accept": "application/json"}).content
    )
    kinds = schema["components"]["schemas"]
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if method not in {"get", "post", "patch", "delete"}:
                continue
            asked = [one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"]
            content = (
                operation.get("requestBody", {})
                .get("content", {})
                .get("application/json", {})
                .get("schema", {})
            )
            fields = list(
                kinds.get(content.get("$ref", "").rpartition("/")[2], content).get("properties", {})
            )
            yield method.upper(), path, asked, fields


def test_odd_content_and_parameters_of_every_operation(
    world: World, things: dict[str, Any], settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    api = make_api(world.korday)
    headers = {"Authorization": f"Bearer {api.token}", "If-Match": '"1"'}
    client, wrong, tried = Client(raise_request_exception=False), [], 0
    deep = json.loads("[" * 200 + "]" * 200)
    contents = [
        "\x00", "a\x00b", 10**18, -(10**18), 1e308, True, None, deep, {"a": deep}, "x" * 50_000, [], [1] * 30_000,
        "9999-12-31T23:59:59-14:00", "٣", {"system": "\x00", "code": "\x00"}, [{"\x00": "\x00"}],
    ]  # fmt: skip
    ids = {"facilities": "facility", "patients": "patient", "referrals": "draft"}
    for place, (method, path, asked, fields) in enumerate(operations()):
        kind = ids.get(path.removeprefix("/api/v1/").partition("/")[0], "draft")
        url = (
            path.replace("{id}", str(things[kind]))
            .replace("{pk}", str(things[kind]))
            .replace("{number}", "1")
        )
        url = re.sub(r"\{\w+\}", "x", url)
        for turn in range(ROUNDS) if asked else ():
            for query in (mixed(asked, turn), broken(asked, place + turn)):
                status = undone(client, method, f"{url}?{query}", headers=headers)
                tried += 1
                if not 200 <= status < 500 or ("%" in query[:99] and "fine=1" in query and status < 400):
                    wrong.append(f"{method} {path}?{query[:60]}: {status}")
        for turn in range(ROUNDS * 2) if fields else ():
            body = {
                name: contents[(number * 5 + turn + place) % len(contents)]
                for number, name in enumerate(fields)
            }
            status = undone(
                client, method, url, data=json.dumps(body), content_type="application/json", headers=headers
            )
            tried += 1
            if not 400 <= status < 500:
                wrong.append(f"{method} {path} in turn {turn}: {status}")
    assert tried > 50
    assert not wrong
