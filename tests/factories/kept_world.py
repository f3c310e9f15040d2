"""The small world in a database of its own, made once for the tests of a moment instead of once for each of them.

It takes 450 statements, which was a third of the work of the suite. Each test undoes in its transaction what it does
to it; a test that commits makes a world of its own in the other database, which is emptied after it.
"""

import pickle

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.factories.facilities import World, make_world_with_cast

#: The database of the tests that ask for no world.
_plain: list[str] = []


class KeptWorld:
    """The database, and what its rows are in Python."""

    def __init__(self) -> None:
        use_database(None)
        plain = connection.settings_dict["NAME"]
        self.name = f"{plain}_world"
        self.remove()
        # Of the one that nobody uses, if there is one: a thread or a process of an earlier test may still be in this.
        pattern = connection.settings_dict["TEST"].get("TEMPLATE") or plain
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [pattern]
            )
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{pattern}"')
        use_database(self.name)
        self._world = pickle.dumps(make_world_with_cast())

    @property
    def is_used(self) -> bool:
        """Whether the test is in it."""
        return bool(connection.settings_dict["NAME"] == self.name)

    def world(self) -> World:
        """A copy, which the test may change."""
        copy: World = pickle.loads(self._world)
        return copy

    def remove(self) -> None:
        """Drop the database, or what a run that was cut off left of it."""
        use_database(None)
        connection.close()  # PostgreSQL copies no database in which somebody is
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def wants_kept_world(item: pytest.Item) -> bool:
    """Whether the test takes the world as it is kept: one that commits would leave it changed."""
    names = getattr(item, "fixturenames", ())
    mark = item.get_closest_marker("django_db")
    commits = "transactional_db" in names or (mark is not None and mark.kwargs.get("transaction", False))
    return "kept_world" in names and not commits


def use_database(name: str | None) -> None:
    """Let every connection that is opened from here on be to the database; None is that without a world."""
    if not _plain:
        _plain.append(connection.settings_dict["NAME"])
    name = name or _plain[0]
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()  # their numbers may be others there
