"""Fixtures that every test may use."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.demonstration import Demo
from tests.factories.facilities import World, make_world_with_cast
from tests.factories.kept_world import KeptWorld, use_database, wants_kept_world
from tests.factories.sign_ins import let_force_login_be_whole
from tests.plugin import MIGRATED, MIGRATING

# Playwright runs an event loop in the test's thread, in which Django would refuse the ORM. Tests only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_DATABASE = frozenset({"db", "transactional_db", "django_db_setup"})

let_force_login_be_whole()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has all tests on the running demonstration, so that one start serves them. Each has its database."""
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "demo" in names:
            item.add_marker(pytest.mark.xdist_group("demo"))
        meets = item.get_closest_marker("django_db") or not _DATABASE.isdisjoint(names)
        if meets and "_database" not in names:
            names.insert(0, "_database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make a worker's database a copy of the one that the controller migrates, where it does."""
    servers = Path(os.environ.get("PORTAL_TEST_SERVERS", os.devnull))
    while (servers / MIGRATING).exists():
        time.sleep(0.05)
    if (servers / MIGRATED).exists():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = (servers / MIGRATED).read_text()


@pytest.fixture(scope="session")
def kept_world(moment: object, django_db_setup: None, django_db_blocker: Any) -> Iterator[KeptWorld | None]:
    """A database in which the small world stands. None while a file keeps a transaction open around its tests."""
    with django_db_blocker.unblock():
        kept = None if connection.in_atomic_block else KeptWorld()
    yield kept
    if kept:
        with django_db_blocker.unblock():
            kept.remove()


@pytest.fixture
def _database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """Meet the database that the test asks for, before it begins its transaction."""
    if not connection.in_atomic_block:
        kept = request.getfixturevalue("kept_world") if wants_kept_world(request.node) else None
        with django_db_blocker.unblock():
            use_database(kept.name if kept else None)


@pytest.fixture
def world(request: pytest.FixtureRequest, kept_world: KeptWorld | None, db: None) -> World:
    """The small world with its cast of people."""
    return kept_world.world() if kept_world and kept_world.is_used else make_world_with_cast()


@pytest.fixture(scope="session")
def _demo() -> Iterator[Demo]:
    if state := os.environ.get("PORTAL_DEMO_STATE"):
        yield Demo.given(state, os.environ["PORTAL_DEMO_URL"])
        return
    demo = Demo()
    yield demo
    demo.remove()


@pytest.fixture(scope="module")
def demo(_demo: Demo) -> Demo:
    """The demonstration, running."""
    if not os.environ.get("PORTAL_DEMO_STATE") and not _demo.running:
        _demo.start()
    return _demo


@pytest.fixture(autouse=True)
def _language_of_nobody() -> Iterator[None]:
    """A page leaves the language of its reader active in the thread; the next test begins without one."""
    yield
    translation.deactivate()
