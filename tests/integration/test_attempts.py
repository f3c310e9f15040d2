"""Guessing is slow, and nobody is locked out: by account, by place, by password, by device, by client."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory

from core.accounts import throttle
from core.accounts.models import Attempt
from core.accounts.tasks import purge
from core.addresses import client_address, neighbourhood
from core.api import throttling
from tests.clock import WEDNESDAY, Clock
from tests.factories.facilities import PASSWORD, World, make_partner_client, make_user
from tests.factories.sign_ins import code_of, make_authenticator, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]
A, B, C = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def clock() -> Iterator[Clock]:
    """It stands still: what has to wait a second has to wait, however slow the machine is."""
    still = Clock(still=True)
    yield still
    still.stop()


def hammer(user: Any, place: dict[str, str], times: int, word: str = "wrong") -> list[int]:
    return [sign_in(Client(), user, f"{word} {number}", **place).status_code for number in range(times)]


def test_an_attacker_waits_and_the_person_does_not(clock: Clock) -> None:
    clock.set(WEDNESDAY)
    user = make_user("person")
    mine = Client()
    assert sign_in(mine, user, **A).status_code == 302
    mine.post("/accounts/sign-out/")
    statuses = hammer(user, A, 14)
    assert statuses == [200] * 10 + [429] * 4
    assert sign_in(Client(), user, **A).status_code == 429, "the right password has to wait at that place too"
    assert sign_in(mine, user, **A).status_code == 302, "the device that is known doesn't"
    assert sign_in(Client(), user, **B).status_code == 302, "nor does another place"
    clock.go_on(timedelta(seconds=2))
    assert hammer(user, A, 1) == [200]
    assert hammer(user, A, 1) == [429]
    clock.go_on(timedelta(seconds=1))
    assert hammer(user, A, 1) == [429], "each failure doubles the wait"
    clock.go_on(timedelta(minutes=16))
    assert sign_in(Client(), user, **A).status_code == 302
    # A device's cookie is no free ticket: it has its own count, and it is for its account alone.
    stolen = Client()
    stolen.cookies[configured.KNOWN_DEVICE_COOKIE_NAME] = mine.cookies[
        configured.KNOWN_DEVICE_COOKIE_NAME
    ].value
    found = [sign_in(stolen, user, f"guess {number}", **C).status_code for number in range(12)]
    assert found == [200] * 10 + [429] * 2
    other = make_user("other")
    hammer(other, A, 10, "again")
    stolen.cookies[configured.KNOWN_DEVICE_COOKIE_NAME] = "eyJ4IjoxfQ:forged"
    assert sign_in(stolen, other, **A).status_code == 429


def test_spraying_waits(clock: Clock) -> None:
    """One place with many accounts; then many places with one password; each known device gets in all the same."""
    clock.set(WEDNESDAY)
    users = [make_user(f"sprayed{number}") for number in range(24)]
    mine = Client()
    sign_in(mine, users[0], **A)
    mine.post("/accounts/sign-out/")
    statuses = [sign_in(Client(), user, f"one of many {user.pk}", **A).status_code for user in users]
    assert statuses == [200] * 20 + [429] * 4
    assert sign_in(mine, users[0], **A).status_code == 302
    clock.go_on(timedelta(hours=2))
    places = [{"REMOTE_ADDR": f"203.0.113.{number}"} for number in range(14)]
    statuses = [
        sign_in(Client(), user, "Samarkand-2026!", **place).status_code
        for user, place in zip(users, places, strict=False)
    ]
    assert statuses == [200] * 10 + [429] * 4
    assert sign_in(Client(), users[13], **places[13]).status_code == 302, "another password is looked at"
    assert not Attempt.objects.filter(key__contains="Samarkand").exists()
    clock.go_on(timedelta(hours=2))
    assert purge() > 0
    assert not Attempt.objects.exists()


def test_codes_are_guessed_no_faster(clock: Clock) -> None:
    clock.set(WEDNESDAY)
    user = make_user("holder")
    make_authenticator(user)
    mine = Client()
    sign_in(mine, user, **B)
    assert mine.post("/accounts/second-step/", {"code": code_of()}, **B).status_code == 302
    mine.post("/accounts/sign-out/")
    thief = Client()
    sign_in(thief, user, **A)
    codes = [f"{number:06d}" for number in range(8)]
    found = [thief.post("/accounts/second-step/", {"code": code}, **A).status_code for code in codes]
    assert found == [422] * 5 + [429] * 3
    # Another session doesn't begin anew, and signing in again gives no known device before the second step.
    again = Client()
    sign_in(again, user, **A)
    assert again.post("/accounts/second-step/", {"code": "000009"}, **A).status_code == 429
    assert configured.KNOWN_DEVICE_COOKIE_NAME not in again.cookies
    clock.go_on(timedelta(seconds=30))
    sign_in(mine, user, **A)
    assert mine.post("/accounts/second-step/", {"code": code_of()}, **A).status_code == 302
    clock.go_on(timedelta(seconds=30))
    elsewhere = Client()
    sign_in(elsewhere, user, **C)
    assert elsewhere.post("/accounts/second-step/", {"code": code_of()}, **C).status_code == 302


def test_guesses_at_the_present_password_are_limited(clock: Clock) -> None:
    clock.set(WEDNESDAY)
    user, client = make_user("guessed"), Client()
    client.force_login(user)
    new = {"new_password1": "seven blue lanterns swim", "new_password2": "seven blue lanterns swim"}
    found = [
        client.post("/accounts/password/", {"old_password": f"guess {number}", **new}).status_code
        for number in range(7)
    ]
    assert found == [422] * 5 + [429] * 2
    right = {"old_password": PASSWORD, **new}
    assert client.post("/accounts/password/", right).status_code == 429
    clock.go_on(timedelta(seconds=5))
    assert client.post("/accounts/password/", right).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_x_forwarded_for_is_believed_as_far_as_our_proxies(
    settings: Any, proxies: int, forwarded: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)) == found
    assert (
        neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") != neighbourhood("2001:db8:0:1::1")
    )
    assert neighbourhood("::ffff:192.0.2.1") == "192.0.2.1"


def test_a_written_header_makes_no_new_place(clock: Clock) -> None:
    clock.set(WEDNESDAY)
    user = make_user("behind")
    found = [
        sign_in(Client(), user, f"x{n}", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}", **A).status_code
        for n in range(12)
    ]
    assert found == [200] * 10 + [429] * 2


def test_a_hundred_at_once_are_counted_one_by_one() -> None:
    counters = throttle.own_password_counters(1)
    for _number in range(5):
        throttle.attempt(counters)
    with pytest.raises(throttle.TooMany) as caught:
        throttle.attempt(counters)
    assert caught.value.seconds >= 1
    assert "Wait 1 second" in str(caught.value.message)
    assert "Wait 2 minutes" in str(throttle.TooMany(61).message)


@pytest.mark.parametrize("by", ["form", "basic"])
def test_failures_never_lock_a_client_with_the_right_secret(
    world: World, settings: Any, clock: Clock, by: str
) -> None:
    clock.set(WEDNESDAY)
    settings.OAUTH_REQUESTS_PER_MINUTE = 5
    made = make_partner_client(world.korday.organisation, secret="r" * 43, scopes=["directory:read"])

    def ask(secret: str) -> int:
        data, headers = {"grant_type": "client_credentials"}, {"REMOTE_ADDR": f"192.0.2.{len(by)}"}
        if by == "form":
            data |= {"client_id": made.client_id, "client_secret": secret}
        else:
            pair = base64.b64encode(f"{made.client_id}:{secret}".encode()).decode()
            headers["HTTP_AUTHORIZATION"] = f"Basic {pair}"
        form = "application/x-www-form-urlencoded"
        return int(Client().post("/oauth/token", urlencode(data), form, **headers).status_code)

    assert throttling.WINDOW == 60
    assert [ask("wrong") for _number in range(7)] == [401] * 5 + [429] * 2
    assert [ask("r" * 43) for _number in range(5)] == [200] * 5
    assert made.client_secret != "r" * 43
    assert made.secret_mark
