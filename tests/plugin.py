"""A pytest plugin: starts PostgreSQL and Valkey before pytest-django reads the settings.

`DATABASE_URL` and `REDIS_URL` in the environment win. With pytest-xdist only the controller starts servers;
the workers inherit their addresses, and each takes a cache database of its own. While the workers collect the whole
suite, the controller migrates a database, of which each of them then takes a copy.
"""

import contextlib
import gc
import os
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from demo.embedded import ThrowAway
from demo.errors import Stop

# In the servers’ folder while the controller migrates; and afterwards, with the database’s name.
MIGRATING, MIGRATED = "migrating", "migrated"
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


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist starts its workers
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    # A few files alone may need no database.
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if _servers and _servers[0].postgres and whole and config.getoption("numprocesses", None):
        (base := _servers[0].places.base).joinpath(MIGRATING).touch()
        threading.Thread(target=_migrate, args=[config, base], daemon=True).start()


def _migrate(config: pytest.Config, base: Path) -> None:
    """Make the database that the workers copy. Where it can't be made, each makes its own and meets the reason."""
    from django.db import connection
    from pytest_django.plugin import blocking_manager_key

    with contextlib.suppress(Exception), config.stash[blocking_manager_key].unblock():
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()  # PostgreSQL copies no database in which somebody is
        (base / MIGRATED).write_text(name)
    (base / MIGRATING).unlink(missing_ok=True)


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
