"""Forgetting what was kept long enough, or whose owner has left."""

from celery import shared_task

from core.actors import SYSTEM
from core.db import as_actor
from core.kept import store


@shared_task(name="kept.purge")
def purge() -> int:
    """Delete kept texts that have expired or that their owners may not read any more. The number deleted."""
    with as_actor(SYSTEM):
        return store.purge()
