"""Forgetting sessions and attempts that are over."""

from celery import shared_task

from core.accounts import sessions, throttle
from core.actors import SYSTEM
from core.db import as_actor


@shared_task(name="accounts.purge")
def purge() -> int:
    """Delete sessions that have ended and attempts that are forgotten. The number deleted."""
    with as_actor(SYSTEM):
        return sessions.purge() + throttle.purge()
