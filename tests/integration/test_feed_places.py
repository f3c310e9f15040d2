"""Places in the feed of events: pages, wrong questions, what is gone, and what an answer costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM
from core.feed import reading, tasks
from core.feed.models import Entry, Reader, Waiting
from facilities.actions import follow_facts
from tests.counting import statements
from tests.factories import referrals as make
from tests.factories.api import make_api
from tests.factories.facilities import World
from tests.integration.test_feed import end, read

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def test_pages_give_each_event_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    api, quiet = make_api(world.korday), make_api(world.taraz, scopes=["patients:read"])
    make.make_sent(world)
    whole = read(api)
    ids = [row["id"] for row in whole["results"]]
    assert len(ids) > 8
    assert ids == sorted(set(ids))
    for more in ({}, {"types": "referral.submit,referral.send,patient.registered"}):
        wanted = [row for row in whole["results"] if not more or row["type"] in more["types"]]
        monkeypatch.setattr(reading, "LOOKED_THROUGH", 4)
        found, data = [], read(api, limit=2, **more)
        while data["more"]:
            found += data["results"]
            assert data["pause_seconds"] == 0
            data = api.get(data["next"].removeprefix("http://127.0.0.1:8000")).data
        assert [*found, *data["results"]] == wanted
    # Whoever is concerned by nothing moves on all the same, and so is never told that they came too late.
    assert read(quiet)["after"] == whole["after"] == data["after"]
    assert read(quiet)["results"] == []
    assert not Waiting.objects.exists()


def test_what_was_undone_is_never_told(world: World) -> None:
    api = make_api(world.korday)
    start = end(api)
    with transaction.atomic():
        follow_facts(world.korday, by=SYSTEM)
        transaction.set_rollback(True)
    assert read(api, start)["results"] == []


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("after=nonsense", "after", "invalid_place"),
        ("after=000000000000000000000b16", "after", "invalid_place"),
        ("after=%00", "", ""),
        ("after=" + "0" * 5000, "after", ""),
        ("after=-1", "after", "invalid_place"),
        ("limit=0", "limit", ""),
        ("limit=201", "limit", ""),
        ("types=referral.sent", "types", "unknown_type"),
        ("since=2026-01-01", "since", "unknown_parameter"),
        ("after=now&after=now", "after", "repeated"),
    ],
)
def test_a_wrong_question_is_refused(world: World, query: str, field: str, code: str) -> None:
    refused = make_api(world.korday).get(f"events/?{query}")
    assert refused.status_code in (400, 414, 422)
    if field and refused.status_code == 422:
        (error,) = refused.data["errors"]
        assert error["field"] == field
        assert not code or error["code"] == code
        assert error["remedy"]


def test_a_place_that_is_gone_is_told_with_where_to_begin(world: World, settings: Any) -> None:
    api = make_api(world.korday)
    assert read(api, end(api))["results"] == []  # behind nothing at all
    very_first = "0" * 21 + "b15"
    make.make_sent(world)
    whole = read(api, very_first)["results"]
    settings.FEED_DAYS_KEPT = 30
    old, limit = Entry.objects.order_by("number")[4], timezone.now() - timedelta(days=31)
    Entry.objects.filter(number__lte=old.number).update(at=limit)
    assert tasks.purge() == 4
    assert not Reader.objects.filter(number__lt=old.number).exists()
    assert read(api, whole[4]["id"])["results"] == whole[5:]
    for place in (very_first, whole[3]["id"]):
        refused = api.get(f"events/?after={place}")
        assert (refused.status_code, refused.data["code"]) == (410, "events_gone")
        assert refused.data["oldest"] == whole[4]["id"]
        assert refused.data["newest"] == whole[-1]["id"]
        assert read(api, refused.data["newest"])["results"] == []
    # A portal that was restored from a copy gives the same numbers to other events.
    Entry.objects.filter(number=old.number + 1).update(mark=1)
    assert api.get(f"events/?after={whole[5]['id']}").status_code == 410
    Entry.objects.filter(number=Entry.objects.order_by("-number")[0].number).delete()
    assert api.get(f"events/?after={whole[-1]['id']}").status_code == 410
    # Of events that are all too old the newest stays: it is the place of whoever has read them.
    Entry.objects.update(at=limit)
    tasks.purge()
    assert Entry.objects.count() == 1


def test_an_answer_needs_as_many_queries_for_200_events_as_for_10(world: World) -> None:
    api = make_api(world.korday)
    make.make_sent(world)
    queries = {}
    for number in (10, 200):
        for _event in range(number):
            follow_facts(world.korday, by=SYSTEM)
        tasks.number()
        with CaptureQueriesContext(connection) as captured:
            assert len(read(api, limit=number)["results"]) == number
        queries[number] = len(statements(captured))
    # The token, what waits, the events, one look at the subjects of each kind, the ledger.
    assert queries[10] <= queries[200] <= 8
