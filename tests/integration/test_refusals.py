"""Denials, failed sign-ins and refused tokens stand in the audit log, and nobody fills it with them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from core.audit import refusals
from core.audit.models import AuditRow, RefusalCount
from core.audit.tasks import count_refusals
from facilities.models import PartnerClient
from tests.clock import WEDNESDAY, Clock
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.factories.sign_ins import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
A = {"REMOTE_ADDR": "192.0.2.1"}


def rows(action: str) -> list[tuple[str, dict[str, Any]]]:
    return [(row.actor_id, row.details) for row in AuditRow.objects.filter(action=action).order_by("pk")]


def test_each_kind_is_a_row_and_repeated_ones_are_counted(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY.replace(second=5))
    clinician = world.users["clinician_kz"]
    client = Client()
    client.force_login(clinician)
    for path in ("/audit/", "/referrals/decisions/", "/audit/"):
        assert client.get(path, **A).status_code == 403
    assert rows("refused.page") == [(str(clinician.pk), {"address": "192.0.2.1", "where": "GET web:audit"})]
    for number in range(3):
        sign_in(Client(), clinician, f"wrong {number}", **A)
    Client().post("/accounts/sign-in/", {"username": "my password by mistake", "password": "x"}, **A)
    assert rows("account.sign_in_failed") == [
        (str(clinician.pk), {"address": "192.0.2.1"}),
        ("", {"address": "192.0.2.1"}),
    ]
    assert "by mistake" not in str(list(AuditRow.objects.values())) + str(list(RefusalCount.objects.values()))
    assert count_refusals() == 0, "the minute isn't over"
    clock.go_on(timedelta(minutes=1))
    assert count_refusals() == 2
    assert count_refusals() == 0
    assert [(who, details["times"]) for who, details in rows("refused.page")[1:]] == [(str(clinician.pk), 2)]
    assert rows("account.sign_in_failed")[-1][1]["times"] == 2
    assert not RefusalCount.objects.exists()
    assert client.get("/patients/").status_code == 200
    assert len(rows("refused.page")) == 2, "what is allowed is no refusal"


def test_tokens_and_the_api(world: World) -> None:
    api = make_api(world.korday, scopes=["directory:read"])
    client_id = PartnerClient.objects.get().client_id
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {api.token}", **A}
    assert api.http.get("/api/v1/patients/", **bearer).status_code == 403
    wrong = {"HTTP_AUTHORIZATION": "Bearer nobodys", **A}
    assert Client().get("/api/v1/facilities/", **wrong).status_code == 401
    assert Client().get("/api/v1/facilities/", **A).status_code == 401, "who claims nothing is no row"
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "wrong"}
    kind = "application/x-www-form-urlencoded"
    assert Client().post("/oauth/token", urlencode(form), kind, **A).status_code == 401
    assert rows("refused.api")[0][0] == client_id
    assert rows("refused.token") == [("", {"address": "192.0.2.1", "where": "GET api:facilities"})]
    assert rows("refused.token_request") == [(client_id, {"address": "192.0.2.1"})]


def test_a_flood_is_a_bounded_number_of_rows(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(WEDNESDAY.replace(second=5))
    monkeypatch.setattr(refusals, "MOST", 6)
    for number in range(30):
        place = {"REMOTE_ADDR": f"10.1.0.{number}"}
        Client().post("/accounts/sign-in/", {"username": "nobody", "password": f"{number}"}, **place)
    assert len(rows("account.sign_in_failed")) <= 7
    clock.go_on(timedelta(minutes=1))
    count_refusals()
    failed = rows("account.sign_in_failed") + rows("account.sign_in_delayed")
    assert sum(details.get("times", 1) for _who, details in failed) == 30
    assert len(failed) <= 8


def test_the_audit_page_says_it_in_words(world: World, clock: Clock) -> None:
    clock.set(WEDNESDAY.replace(second=5))
    for number in range(3):
        sign_in(Client(), world.users["clinician_kz"], f"wrong {number}", **A)
        sign_in(Client(), world.users["clinician_kg"], f"wrong {number}", REMOTE_ADDR="192.0.2.77")
        Client().post(
            "/accounts/sign-in/", {"username": "no such", "password": "x"}, REMOTE_ADDR="192.0.2.88"
        )
    clock.go_on(timedelta(minutes=1))
    count_refusals()
    auditor = Client()
    auditor.force_login(world.users["auditor_kz"])
    page = auditor.get("/audit/").content.decode()
    assert "Somebody could not sign in: the user name or the password was wrong" in page
    assert "From the address 192.0.2.1" in page
    assert "2 more times within the same minute" in page
    assert "192.0.2.77" not in page, "another country's account"
    assert "From the address 192.0.2.88" in page, "a name that nobody has concerns everybody"
    assert "Somebody who isn’t known" in page
    found = auditor.get("/audit/?q=could not sign in").content.decode()
    assert "From the address 192.0.2.1" in found
