"""Every address × everybody × every method is declared in url_table.txt and answers as declared.

An address that isn't declared fails. The admin's own addresses are Django's; who gets in is tried once for all of them.
While they are asked, the database is watched: everything is read and written for somebody, and no presentation asks.
"""

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import get_resolver

from core.api.views import ApiView
from core.db import current_actor
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.sign_ins import signed_in_as
from tests.integration.addresses import (
    COLUMNS,
    METHODS,
    PARTS,
    Everybody,
    addresses,
    ask,
    check,
    people,
    things,
)
from tests.watching import views_of_nobody, watched

__all__ = ["things"]  # the fixture
pytestmark = pytest.mark.in_turn


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
        # Whoever holds a certificate may ask whether it holds, and verify it without asking.
        "verify:ask",
        "trust:keys",
    }


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
    for name in ("clinician_kz", "officer_kz"):
        other = signed_in_as(world.users[name])
        assert (ask(other, "GET", "/admin/"), ask(other, "GET", "/admin/login/")) == (302, 403)


#: Pages with a form whose text isn't kept, and why.
NOT_KEPT = {
    "accounts:profile": "a choice of a language",
    "accounts:password": "passwords are kept nowhere",
    "facilities:people_invite": "a name, an address and boxes to tick",
    "facilities:role_decide": "two buttons",
    "facilities:ask_to_confirm": "boxes to tick",
    "facilities:client_new": "a name, and boxes to tick",
    "accounts:second_factor_new": "a code that is over in half a minute",
    "accounts:second_step": "a code that is over in half a minute",
    "accounts:passkey_add": "the browser's answer to a challenge",
    "accounts:passkey_show": "the browser's answer to a challenge",
    "accounts:second_factor_reset": "a line of an administrator",
    "web:statement": "two choices",
    "web:export": "three choices",
    "erasure:ask": "a choice",
    "facilities:switch_organisation": "a button",
    "patients:find": "a search; it has an address of its own",
    "patients:identifier_remove": "a choice of a reason",
    "patients:merge_choose": "a search; it has an address of its own",
    "referrals:start": "a button",
    "verify:ask": "a code, for anybody",
}


def test_a_page_with_a_form_keeps_what_is_typed() -> None:
    """A new form is marked `core.kept.desk.keeps_text`, or stands above with its reason."""
    views = {name: pattern.callback for name, pattern in addresses(get_resolver())}
    forms = {name for name, methods in PARTS["pages"].items() if 422 in methods.get("POST", [])}
    lost = {name for name in forms if not hasattr(views[name], "keeps_text")}
    assert lost <= set(NOT_KEPT), "what is typed there is lost with the session"
