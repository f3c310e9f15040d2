"""Fixtures that every test may use."""

import os

import pytest

from tests.factories.facilities import World, make_world_with_cast

# Playwright runs an event loop in the test's thread, in which Django would refuse the ORM. Tests only.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def world(db: None) -> World:
    """The small world with its cast of people."""
    return make_world_with_cast()
