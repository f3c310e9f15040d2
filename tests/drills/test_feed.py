"""A reader without pause beside many writers: none of their events is missed, told twice or told out of order."""

import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from core.actors import SYSTEM
from core.db import as_actor
from core.feed import registry
from core.feed.announce import announce
from core.feed.models import Waiting
from facilities.feed import EVERYBODY
from facilities.models import Facility
from tests.factories.api import Api, make_api
from tests.factories.facilities import World, make_world_with_cast

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

#: FEED_DRILL_EVENTS=10000 is the promise; the suite shows it with fewer.
EVENTS = int(os.environ.get("FEED_DRILL_EVENTS", "2000"))
WRITERS = 8
HAPPENED = "drill.happened"


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, committed, so that other connections see it."""
    return make_world_with_cast()


def about(subject: Any, payload: Any, by: Any) -> Iterator[registry.About]:
    yield registry.About(payload["said"], EVERYBODY)


@contextmanager
def drilled() -> Iterator[None]:
    """With a kind of event whose subject says who wrote it and when."""
    registry.when(HAPPENED, "directory.changed", about)
    try:
        yield
    finally:
        del registry._tables.sources[HAPPENED]


class Writers:
    """Each writes transactions of one to five events about things that all share, by turns, and undoes some of them.

    What was committed, in the order of its writer, and of each thing in the order of its lock.
    """

    def __init__(self, things: list[int], share: int) -> None:
        self.things, self.share = things, share
        self.of_writer: dict[int, list[str]] = defaultdict(list)
        self.of_thing: dict[int, list[str]] = defaultdict(list)
        self.begin = Barrier(WRITERS)

    def write(self, writer: int) -> None:
        chance, number = random.Random(writer), 0
        self.begin.wait()
        try:
            while len(self.of_writer[writer]) < self.share:
                number += 1
                self._once(writer, number, chance)
        finally:
            connection.close()

    def _once(self, writer: int, number: int, chance: random.Random) -> None:
        thing, undone = chance.choice(self.things), chance.random() < 0.1
        with as_actor(SYSTEM):
            # Something is written before the wait for the lock, as a request does: its transaction is older than what
            # it comes after.
            announce(HAPPENED, payload={"said": f"{writer}.{number}.first"}, by=SYSTEM)
            Facility.objects.select_for_update(of=("self",)).get(pk=thing)
            said = [f"{writer}.{number}.{part}" for part in range(chance.randint(1, 4))]
            for one in said:
                announce(HAPPENED, payload={"said": one}, by=SYSTEM)
            time.sleep(chance.random() * 0.004)
            if undone:
                transaction.set_rollback(True)
            else:
                self.of_thing[thing] += said  # under the lock
        if not undone:
            self.of_writer[writer] += [f"{writer}.{number}.first", *said]


def follow(api: Api, start: str, until: Callable[[], bool]) -> Iterator[dict[str, Any]]:
    """Every event behind a place, without a pause, until nothing comes any more."""
    after = start
    while True:
        over = until()
        data = api.get(f"events/?after={after}&limit=200").data
        yield from data["results"]
        after = data["after"]
        if over and not data["results"] and not Waiting.objects.exists():
            return


def test_a_reader_beside_eight_writers_misses_nothing(world: World) -> None:
    api = make_api(world.taraz)
    start = api.get("events/?after=now").data["after"]
    writers = Writers([world.korday.pk, world.bishkek.pk, world.andijan.pk], EVENTS // WRITERS)
    written, stayed = Event(), Event()

    def stay() -> None:
        """A transaction that is older than all the others, and over after them."""
        try:
            with as_actor(SYSTEM):
                announce(HAPPENED, payload={"said": "the long one"}, by=SYSTEM)
                stayed.set()
                while not written.wait(10):  # the portal ends a transaction that says nothing for a minute
                    Waiting.objects.exists()
        finally:
            connection.close()

    began = time.monotonic()
    with drilled(), ThreadPoolExecutor(WRITERS + 1) as pool:
        long = pool.submit(stay)
        stayed.wait(10)
        tasks = [pool.submit(writers.write, number) for number in range(WRITERS)]
        rows = list(follow(api, start, lambda: all(task.done() for task in tasks)))
        for task in tasks:
            task.result()
        before = {row["subject"]["id"] for row in rows}
        assert "the long one" not in before
        written.set()
        long.result()
        rows += follow(api, rows[-1]["id"], lambda: True)

    said = [row["subject"]["id"] for row in rows]
    assert said[-1] == "the long one"
    committed = [one for each in writers.of_writer.values() for one in each]
    assert len(committed) >= EVENTS
    assert sorted(said[:-1]) == sorted(committed), "missed, or told though it was undone, or told twice"
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)
    place = {one: position for position, one in enumerate(said)}
    for each in (*writers.of_writer.values(), *writers.of_thing.values()):
        assert [place[one] for one in each] == sorted(place[one] for one in each)
    print(
        f"{len(rows)} events of {WRITERS} writers and a long one, {time.monotonic() - began:.0f} s, 0 missed"
    )
    # Whoever comes later is told the same, in the same order.
    assert [row["id"] for row in follow(api, start, lambda: True)] == ids
