"""Refusals that stay short, ways back that stay here, and a database that takes too long."""

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DataError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from core.api import problems
from core.api.problems import MOST_ERRORS
from patients import access
from patients.models import Patient
from portal.web import messages_views
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.addresses import things
from tests.integration.test_edges_input import BROKEN, ODD

__all__ = ["things"]
pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ('{"family_name": 1e999}', 400),
        ('{"sex": ' + "9" * 5000 + "}", 400),
        ('{"family_name": "\\ud800"}', 400),
        (b'{"family_name": "\xff"}', 400),
        ("[" * 100_000, 400),
        ('{"a":' * 2000 + "1" + "}" * 2000, 400),
        (json.dumps({"x" * 900_000: 1}), 422),
        (
            json.dumps({f"unknown{number}": 1 for number in range(60_000)})[:1_040_000].rpartition(",")[0]
            + "}",
            422,
        ),
        (json.dumps({"identifiers": [1] * 300_000}), 422),
        (json.dumps({"citizenships": ["\x00"] * 100_000}), 422),
    ],
)
def test_content_that_no_client_means(world: World, raw: str | bytes, status: int) -> None:
    """Refused shortly: as many words as a person can read, whatever was sent."""
    answer = make_api(world.korday).post("patients/", raw)
    assert answer.status_code == status
    assert answer["Content-Type"] == problems.MEDIA_TYPE
    assert len(answer.data.get("errors", [])) <= MOST_ERRORS
    assert len(answer.content) < 60_000


def test_the_token_endpoint_and_cookies_take_no_nonsense(world: World) -> None:
    client = Client(raise_request_exception=False)
    form = "application/x-www-form-urlencoded"
    whole = "grant_type=client_credentials&client_id=x&client_secret="
    for body in (
        *(whole + value for value in (*BROKEN, *ODD)),
        "&".join(f"a{n}=1" for n in range(60_000)),
        "%",
        "=&=;",
    ):
        for extra in (
            {},
            {"headers": {"Authorization": "Basic !!!"}},
            {"headers": {"Authorization": "Basic AP8="}},
        ):
            answer = client.post("/oauth/token", body, content_type=form, **extra)
            assert 400 <= answer.status_code < 500, body[:80]
            assert "error" in answer.json()
    nul = {"QUERY_STRING": "q=%2B%41%41%41%2D", "data": "x", "content_type": "text/plain; charset=utf-7"}
    assert client.generic("GET", "/accounts/sign-in/", **nul).status_code == 400
    assert client.generic("GET", "/api/v1/me/", **nul).status_code == 400
    for body in (
        "--x\r\nno end",
        '--x\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\n\x00\r\n--x--\r\n',
    ):
        answer = client.generic(
            "POST", "/accounts/sign-in/", body, content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code in {200, 400, 403}, body
    assert (
        client.generic("POST", "/i18n/setlang/", "x", content_type="multipart/form-data").status_code == 400
    )
    for header in ("Bearer \x00", "Bearer ÿ", "Bearer " + "x" * 9000, "Bearer a b", "Basic"):
        assert client.get("/api/v1/me/", headers={"Authorization": header}).status_code == 401
    for language in ("\x00", "x" * 9000, "ru;q=1e999", "*;q=,,", "zz-" * 900):
        assert client.get("/accounts/sign-in/", headers={"Accept-Language": language}).status_code == 200
    for cookie in ('sessionid="\\000\\001"', "sessionid=\xff", "django_language=\x00", 'csrftoken="\\000"'):
        answer = client.get("/accounts/sign-in/", headers={"Cookie": cookie})
        assert answer.status_code == 200, cookie
    for host in ("evil.example", "a b", "[::", "x" * 300):
        answer = client.get("/api/v1/me/", headers={"Host": host})
        assert answer.status_code == 400
        assert answer["Content-Type"] == problems.MEDIA_TYPE


LEADING_AWAY = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "///evil.example", "javascript:alert(1)",
    "http:evil.example", "https:evil", "home", "web:home", "\tjavascript:x", "/\t/evil.example", "/%0d%0aX: y",
    "/x\r\nX: y", "@evil.example", "/" + "x" * 5000, "https://testserver@evil.example",
    "https://evil.example\\@testserver", "ftp://testserver/", "",
)  # fmt: skip


def test_no_way_leads_to_another_site(world: World, things: dict[str, Any]) -> None:
    clinician = Client(raise_request_exception=False)
    clinician.force_login(world.users["clinician_kz"], backend="django.contrib.auth.backends.ModelBackend")
    organisation = world.korday.organisation_id
    for target in LEADING_AWAY:
        answers = [
            clinician.post(
                reverse("facilities:switch_organisation"), {"organisation": organisation, "next": target}
            ),
            clinician.post(
                reverse("set_language"), {"language": "ru", "next": target}, headers={"Referer": target}
            ),
            clinician.get(reverse("accounts:sign_in"), {"next": target}),
            Client().post(reverse("accounts:sign_out"), {"next": target}),
        ]
        for number, answer in enumerate(answers):
            assert answer.status_code in {302, 400}, (number, target)
            where = answer.get("Location", "/")
            assert re.fullmatch(r"/(?![/\\]).{0,2000}", where), (number, target, where)
    for page in ("consent", "coverage", "edit"):
        url = reverse(f"patients:{page}", args=[things["patient"]])
        shown = clinician.get(url, {"next": "https://evil.example/"}).content.decode()
        assert 'value="https://evil' not in shown
        assert (
            'value="/referrals/"' in clinician.get(url, {"next": "/referrals/"}).content.decode()
            or page == "edit"
        )


def test_a_database_that_takes_too_long_is_told_as_such(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are set for each connection; what they end is a 503 that says when to come again, on pages and API."""
    with connection.cursor() as cursor:
        for name, seconds in (
            ("statement_timeout", 30),
            ("lock_timeout", 10),
            ("idle_in_transaction_session_timeout", 60),
        ):
            cursor.execute("SELECT setting::int / 1000 FROM pg_settings WHERE name = %s", [name])
            assert cursor.fetchone() == (seconds,), name
    clinician = Client()
    clinician.force_login(world.users["clinician_kz"], backend="django.contrib.auth.backends.ModelBackend")
    api = make_api(world.korday)
    before = Patient.objects.count()

    def slow(*_arguments: Any, **_options: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")

    def odd(*_arguments: Any, **_options: Any) -> Any:
        raise DataError("value out of range")

    for fault, status in ((slow, 503), (odd, 422)):
        # Not where the list comes from, which the number beside every page's link comes from too.
        monkeypatch.setattr(messages_views, "paginate", fault)
        monkeypatch.setattr(access, "visible_patients", fault)
        page = clinician.get(reverse("messages:inbox"))
        answer = api.get("patients/")
        assert (page.status_code, answer.status_code) == (status, status)
        assert answer["Content-Type"] == problems.MEDIA_TYPE
        assert (page.get("Retry-After"), answer.get("Retry-After")) == (
            ("5", "5") if status == 503 else (None, None)
        )
        assert "<h1" in page.content.decode()
        monkeypatch.undo()
    assert clinician.get(reverse("messages:inbox")).status_code == 200
    assert Patient.objects.count() == before

    # Before a view is there at all: the session, the sign-in, the count of requests.
    def lost(*_arguments: Any, **_options: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    cache.clear()
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lost)
    clinician.raise_request_exception = False
    assert clinician.get(reverse("messages:inbox")).status_code == 503
    anonymous = Client(raise_request_exception=False)
    monkeypatch.setattr("core.api.oauth._counted", lost)
    answer = anonymous.post("/oauth/token", {"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
