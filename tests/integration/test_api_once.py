"""Requests that come twice, at the same time, or too often."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.api import throttling
from core.api.models import RequestCount, StoredAnswer
from core.api.tasks import purge
from patients.models import Patient
from tests.factories import referrals as make
from tests.factories.api import Api, get_token, make_api
from tests.factories.facilities import World, make_world_with_cast
from tests.integration.test_api_directing import person
from tests.integration.test_api_hosting import stay

pytestmark = pytest.mark.in_turn


@pytest.fixture
def committed(transactional_db: None) -> World:
    """The world, committed, for tests with several connections."""
    return make_world_with_cast()


def at_once(number: int, threads: int, call: Any) -> list[Any]:
    """The responses of `number` calls from several threads; each thread's connection is closed."""

    def one(index: int) -> Any:
        try:
            return call(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(number)))


@pytest.mark.in_turn
def test_a_hundred_equal_posts_with_one_key_make_one_row(committed: World) -> None:
    token = make_api(committed.korday).token

    def register(_index: int) -> Any:
        return Api(Client(), token).post("patients/", person(), Idempotency_Key="one-and-the-same")

    responses = at_once(100, 16, register)
    statuses = Counter(response.status_code for response in responses)
    assert set(statuses) <= {201, 409}
    assert statuses[201] >= 1
    assert Patient.objects.count() == 1
    made = [response for response in responses if response.status_code == 201]
    assert len({response.content for response in made}) == 1
    assert sum(not response.has_header("Idempotent-Replayed") for response in made) == 1
    waiting = [response for response in responses if response.status_code == 409]
    assert all(response.data["code"] == "request_in_progress" for response in waiting)
    assert all(response["Retry-After"] for response in waiting)


def test_of_two_writers_at_once_one_wins(committed: World) -> None:
    referral = make.make_sent(committed)
    token = make_api(committed.bishkek).token
    etag = Api(Client(), token).get(f"referrals/{referral.pk}/")["ETag"]
    contents = [("accept", stay()), ("decline", {"reason_code": "no_capacity", "reason_text": "Full."})]

    def write(index: int) -> Any:
        step, content = contents[index % 2]
        return Api(Client(), token).post(f"referrals/{referral.pk}/{step}/", content, If_Match=etag)

    statuses = Counter(response.status_code for response in at_once(20, 10, write))
    assert statuses == {200: 1, 412: 19}


@pytest.mark.django_db
def test_a_retry_after_a_cut_connection_is_replayed_and_another_body_refused(world: World) -> None:
    api = make_api(world.korday)
    first = api.post("patients/", person(), Idempotency_Key="k1")
    again = api.post("patients/", person(), Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert again["Idempotent-Replayed"] == "true"
    assert (again.content, again["ETag"], again["Location"]) == (
        first.content,
        first["ETag"],
        first["Location"],
    )
    other = api.post("patients/", person(family_name="Другая"), Idempotency_Key="k1")
    assert other.status_code == 422
    assert other.data["code"] == "idempotency_key_reused"
    assert Patient.objects.count() == 1
    # Another client's key is another key.
    second = make_api(world.taraz)
    assert second.post("patients/", person(birth_date="1790-02-03"), Idempotency_Key="k1").status_code == 422
    assert second.post("patients/", person(identifiers=[]), Idempotency_Key="k1").status_code == 201
    for key in ("", "a b", "ключ", "x" * 256):
        assert api.post("patients/", person(), Idempotency_Key=key).status_code == 422, key


@pytest.mark.django_db
def test_a_step_is_replayed_although_the_version_has_moved_on(world: World) -> None:
    referral = make.make_sent(world)
    api = make_api(world.bishkek)
    etag, content = api.get(f"referrals/{referral.pk}/")["ETag"], stay()
    path = f"referrals/{referral.pk}/accept/"
    first = api.post(path, content, If_Match=etag, Idempotency_Key="accept")
    again = api.post(path, content, If_Match=etag, Idempotency_Key="accept")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.data["version"] == first.data["version"]
    assert api.post(path, content, If_Match=etag).status_code == 412


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_that_it_can_be_corrected(world: World) -> None:
    api = make_api(world.korday)
    assert api.post("patients/", person(sex="other"), Idempotency_Key="k").status_code == 422
    assert not StoredAnswer.objects.exists()
    assert api.post("patients/", person(), Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
def test_stored_answers_go_after_seven_days(world: World) -> None:
    api = make_api(world.korday)
    api.post("patients/", person(), Idempotency_Key="old")
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(days=6, hours=23))
    assert purge() == 0
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    assert purge() == 1


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three requests a minute, in a minute that doesn't end during the test."""
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(throttling.time, "time", lambda: 1_000_000_000.0 + id(settings) % 1_000_000 * 60)
    monkeypatch.setattr(throttling, "_cache_paused_until", 0.0)
    return


@pytest.mark.django_db
@pytest.mark.parametrize("cache", ["up", "down"])
def test_limits_hold_for_each_client_with_the_cache_up_and_down(
    world: World, limited: None, settings: Any, cache: str
) -> None:
    api, other = make_api(world.korday), make_api(world.taraz)
    if cache == "down":
        settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    statuses = [api.get("specialties/").status_code for _index in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    refused = api.get("specialties/")
    assert refused.data["code"] == "throttled"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert other.get("specialties/").status_code == 200
    assert RequestCount.objects.exists() == (cache == "down")


@pytest.mark.django_db
def test_too_many_requests_for_a_token_are_429(world: World, limited: None, settings: Any) -> None:
    settings.OAUTH_REQUESTS_PER_MINUTE = 2
    statuses = [get_token("nobody", secret="x").status_code for _index in range(4)]
    assert statuses == [401, 401, 429, 429]
