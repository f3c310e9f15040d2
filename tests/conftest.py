"""Fixtures that every test may use."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.demonstration import Demo
from tests.factories.facilities import World, make_world_with_cast
from tests.factories.sign_ins import let_force_login_be_whole
from tests.plugin import MIGRATED, MIGRATING

# Playwright runs an event loop in the test's thread, in which Django would refuse the ORM. Tests only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


let_force_login_be_whole()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests on the running demonstration go to one xdist worker, so that one start serves them."""
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make a worker's database a copy of the one that the controller migrates, where it does."""
    servers = Path(os.environ.get("PORTAL_TEST_SERVERS", os.devnull))
    while (servers / MIGRATING).exists():
        time.sleep(0.05)
    if (servers / MIGRATED).exists():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = (servers / MIGRATED).read_text()


@pytest.fixture
def world(db: None) -> World:
    """The small world with its cast of people."""
    return make_world_with_cast()


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
