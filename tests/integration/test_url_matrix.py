"""Every address × everybody × every method is declared in url_table.txt and answers as declared.

An address that isn't declared fails. The admin's own addresses are Django's; who gets in is tried once for all of them.
While they are asked, the database is watched: everything is read and written for somebody, and no presentation asks.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.api.views import ApiView
from core.db import current_actor
from core.outbox import work
from core.outbox.models import Message
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World, make_partner_client, make_user
from tests.factories.patients import make_coverage
from tests.factories.situations import ALL_SCOPES
from tests.watching import views_of_nobody, watched

TABLE = Path(__file__).with_name("url_table.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Declared = dict[str, dict[str, list[int]]]
Everybody = dict[str, tuple[Client, dict[str, Any]]]


def declared() -> tuple[dict[str, list[str]], dict[str, Declared]]:
    """The columns and the addresses of each part of the table: part → name → method → statuses."""
    columns: dict[str, list[str]] = {}
    parts: dict[str, Declared] = {}
    part = name = ""
    for line in TABLE.read_text("utf-8").splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith("["):
            part = words[0].strip("[]")
            columns[part], parts[part] = words[1:], {}
        elif not line.startswith(" "):
            name = words[0]
            assert name not in parts[part], f"{name} is declared twice"
            parts[part][name] = {}
        else:
            for method in words[0].rstrip(":").split("/"):
                parts[part][name][method] = [int(word) for word in words[1:]]
    return columns, parts


COLUMNS, PARTS = declared()
pytestmark = pytest.mark.in_turn


def addresses(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """The full name of every address, `namespace:name`, without the admin's."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or f"({pattern.pattern})")), pattern
        elif pattern.namespace != "admin":
            yield from addresses(
                pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            )


def test_every_address_is_declared_and_every_declared_one_exists() -> None:
    known = sorted(name for name, _pattern in addresses(get_resolver()))
    assert known == sorted(name for part in PARTS.values() for name in part)
    for part, rows in PARTS.items():
        for name, row in rows.items():
            assert sorted(row) == sorted(METHODS), name
            assert {len(statuses) for statuses in row.values()} == {len(COLUMNS[part])}, name


def test_nothing_but_these_answers_to_somebody_who_is_not_signed_in() -> None:
    """A new page is behind the sign-in unless this list says otherwise."""
    open_pages = {
        name
        for rows in PARTS.values()
        for name, row in rows.items()
        if any(statuses[0] not in {302, 401, 404, 405} for statuses in row.values())
    }
    assert open_pages == {
        "web:healthz",
        "web:readyz",
        "accounts:sign_in",
        "api:schema",
        "api:docs",
        "api:problems",
        "api:problem",
        "oauth:token",
        "oauth:revoke",
    }


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    """What the addresses speak of, by the names of their parameters."""
    referral, draft = make.make_in_review(world), make.make_draft(world)
    work.drain()
    message = Message.objects.filter(user=world.users["clinician_kz"], channel="inbox").first()
    patient = referral.patient
    consent, number = patient.consents.first(), patient.identifiers.first()
    fund = world.funds["KZ"].pk
    coverage = make_coverage(world.actor("clinician_kz"), patient, fund)
    assert message is not None
    assert consent is not None
    assert number is not None
    return {
        "facility": world.korday.pk,
        "person": world.users["clinician_kz"].pk,
        "client": make_partner_client(world.korday.organisation, secret="x", scopes=ALL_SCOPES).pk,
        "patient": patient.pk,
        "identifier": number.pk,
        "consent": consent.pk,
        "coverage": coverage.pk,
        "referral": referral.pk,
        "draft": draft.pk,
        "message": message.pk,
    }


def address(name: str, pattern: URLPattern, things: dict[str, Any]) -> str:
    """The address with the ids of the things that it speaks of."""
    if name == "api:unknown":
        return "/api/v1/nothing-here/"
    values = {parameter: _value(name, parameter, things) for parameter in pattern.pattern.converters}
    return reverse(name, kwargs=values)


def _value(name: str, parameter: str, things: dict[str, Any]) -> Any:
    if parameter == "referral_id" and name in {
        "referrals:file_page",
        "referrals:autosave",
        "referrals:submit",
    }:
        return things["draft"]
    if parameter == "code":
        return "cis4-1998-care" if name == "agreements:detail" else "denied"
    if parameter in {"page", "event", "form"}:
        return {"page": "care", "event": "withdraw", "form": "nobodys"}[parameter]
    if name.startswith("accounts:"):
        return {"kind": "app", "number": things["person"] if "reset" in name else 1}[parameter]
    if parameter == "number":
        return things[next(kind for kind in ("identifier", "coverage", "consent") if kind in name)]
    if parameter == "pk":
        kind = name.split(":")[1].split("_")[0].removesuffix("s")
        return things[kind if kind in things else "facility"]
    return things[parameter.removesuffix("_id")]


def ask(client: Client, method: str, url: str, **extra: Any) -> int:
    """The status of one request, whose traces are undone."""
    cookies = SimpleCookie(client.cookies.output(header="", sep="; "))
    with transaction.atomic():
        status = client.generic(method, url, **extra).status_code
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out ends the session in the browser too
    return status


def people(world: World) -> dict[str, Client]:
    """A browser for each column of the pages' table."""
    users = {
        "clinician": world.users["clinician_kz"],
        "outsider": world.users["outsider"],
        "desk": world.users["host_desk_kg"],
        "officer": world.users["officer_kz"],
        "coordinator": world.users["coordinator_kz"],
        "auditor": world.users["auditor_kz"],
        "administrator": world.users["administrator"],
        "no_role": make_user("no_role"),
    }
    clients = {"anonymous": Client(raise_request_exception=False)}
    for name, user in users.items():
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return clients


def check(part: str, who: Everybody, things: dict[str, Any]) -> None:
    """Ask for every address of a part with every method, as everybody; compare with the table."""
    assert list(who) == COLUMNS[part]
    patterns = dict(addresses(get_resolver()))
    wrong = []
    for name, row in PARTS[part].items():
        url = address(name, patterns[name], things)
        for method, statuses in row.items():
            for column, (person, (client, extra)) in enumerate(who.items()):
                got = ask(client, method, url, **extra)
                if got != statuses[column]:
                    wrong.append(f"{method} {name} by {person}: declared {statuses[column]}, got {got}")
    assert not wrong


@pytest.mark.django_db
def test_pages_answer_as_declared(world: World, things: dict[str, Any]) -> None:
    form = {"data": "nothing=1", "content_type": "application/x-www-form-urlencoded"}
    who: Everybody = {name: (client, form) for name, client in people(world).items()}
    with watched() as watch, views_of_nobody() as nobody:
        check("pages", who, things)
    assert watch.seen > 500
    assert not watch.alone
    assert not watch.by_presentation
    # The pages that ask for nobody's data, and the API's, which open the transaction themselves.
    assert {name.rpartition(".")[2] for name in nobody} <= {"healthz", "readyz", "security_txt"}


@pytest.mark.django_db
def test_the_api_answers_as_declared(world: World, things: dict[str, Any], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.OAUTH_REQUESTS_PER_MINUTE = 1_000_000
    # A version that was seen once: 412 to those who may know of the thing, 404 to others.
    old = {"If-Match": '"1"', "Idempotency-Key": "one"}
    content: dict[str, Any] = {"data": "{}", "content_type": "application/json", "headers": old}
    who: Everybody = {"anonymous": (Client(raise_request_exception=False), content)}
    who["session"] = (people(world)["clinician"], content)
    for name, facility, scopes in (
        ("directing", world.korday, None),
        ("stranger", world.taraz, None),
        ("host", world.bishkek, None),
        ("directory_only", world.korday, ["directory:read"]),
    ):
        api = make_api(facility, scopes=scopes)
        api.http.raise_request_exception = False
        who[name] = (api.http, content | {"headers": {"Authorization": f"Bearer {api.token}", **old}})
    called: set[str] = set()
    ours = ApiView.initial

    def noted(self: ApiView, request: Any, *args: Any, **kwargs: Any) -> None:
        ours(self, request, *args, **kwargs)
        assert current_actor() is getattr(request._request, "actor", None), type(self)
        called.add(type(self).__name__)

    with watched() as watch, patch.object(ApiView, "initial", noted):
        check("api", who, things)
    assert watch.seen > 100
    assert not watch.alone
    assert not watch.by_presentation
    assert len(called) > 30


@pytest.mark.django_db
def test_only_staff_enter_the_admin(world: World) -> None:
    found = {name: ask(client, "GET", "/admin/") for name, client in people(world).items()}
    assert found.pop("administrator") == 200
    assert set(found.values()) == {302}


#: Pages with a form whose text isn't kept, and why.
NOT_KEPT = {
    "accounts:profile": "a choice of a language",
    "accounts:password": "passwords are kept nowhere",
    "facilities:ask_to_confirm": "boxes to tick",
    "facilities:client_new": "a name, and boxes to tick",
    "accounts:second_factor_new": "a code that is over in half a minute",
    "accounts:second_step": "a code that is over in half a minute",
    "accounts:passkey_add": "the browser's answer to a challenge",
    "accounts:passkey_show": "the browser's answer to a challenge",
    "accounts:second_factor_reset": "a line of an administrator",
    "facilities:switch_organisation": "a button",
    "patients:find": "a search; it has an address of its own",
    "patients:link": "a number and a day, by which a patient is found",
    "patients:identifier_remove": "a choice of a reason",
    "referrals:start": "a button",
}


def test_a_page_with_a_form_keeps_what_is_typed() -> None:
    """A new form is marked `core.kept.desk.keeps_text`, or stands above with its reason."""
    views = {name: pattern.callback for name, pattern in addresses(get_resolver())}
    forms = {name for name, methods in PARTS["pages"].items() if 422 in methods.get("POST", [])}
    lost = {name for name in forms if not hasattr(views[name], "keeps_text")}
    assert lost <= set(NOT_KEPT), "what is typed there is lost with the session"
