"""The feed of events, as partners' systems get it: who is told of what, and as what."""

from typing import Any

import pytest

from core.feed.models import Entry, Reader, Waiting
from referrals import actions
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World

pytestmark = pytest.mark.django_db


def told(api: Any, after: str = "", **more: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"after": after, **more}.items() if value)
    response = api.get(f"events/?{query}")
    assert response.status_code == 200, response.content
    return response.data


def test_smoke(world: World) -> None:
    api = make_api(world.korday)
    print(told(api))
    referral = make.make_sent(world)
    data = told(api)
    print(data)
    print(told(make_api(world.bishkek)))
    print(told(make_api(world.taraz)))
    assert 0
