"""A pytest plugin: starts PostgreSQL and Valkey before pytest-django reads the settings.

`DATABASE_URL` and `REDIS_URL` in the environment win. With pytest-xdist only the controller starts servers;
the workers inherit their addresses, and each takes a cache database of its own.
"""

import gc
import os
from collections.abc import Generator
from typing import Any

import pytest

from portal.demo.embedded import ThrowAway
from portal.demo.errors import Stop

_servers: list[ThrowAway] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    # Tests make and drop objects by the million beside a million that stay. Collecting as often as Python's own
    # numbers say costs one second in fifteen and finds next to nothing.
    gc.set_threshold(100_000, 50, 1000)
    os.environ["DJANGO_ENV"] = "test"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Hundreds of tests sign in within a minute from one address; those about limits set their own.
    os.environ.setdefault("API_REQUESTS_PER_MINUTE", "1000000")
    os.environ.setdefault("OAUTH_REQUESTS_PER_MINUTE", "1000000")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        _own_cache(worker)
    elif not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        try:
            servers = ThrowAway()
            servers.start()
        except Stop as stop:
            raise pytest.UsageError(str(stop)) from None
        _servers.append(servers)
        os.environ.update(servers.environment)
        # Where the embedded servers stand, for the drills that stop or kill them. Unset with foreign servers.
        os.environ["PORTAL_TEST_SERVERS"] = str(servers.places.base)
    try:
        return (yield)
    except BaseException:
        _stop()  # pytest_unconfigure is not called for what fails this early
        raise


def pytest_configure(config: pytest.Config) -> None:
    if _servers:
        config.option.reuse_db = True  # they're thrown away with their databases, so none need be dropped


def pytest_unconfigure(config: pytest.Config) -> None:
    _stop()


def _stop() -> None:
    while _servers:
        _servers.pop().stop()


def _own_cache(worker: str) -> None:
    """Give worker gwN the Valkey database N + 1, so that one worker's flush is not another's loss."""
    url, number = os.environ["REDIS_URL"], int(worker.removeprefix("gw")) + 1
    if url.startswith("unix://") and "?" not in url:
        os.environ["REDIS_URL"] = f"{url}?db={number}"
