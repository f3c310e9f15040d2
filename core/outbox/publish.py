"""Publishing events and waking a worker."""

import logging
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from core.actors import Actor
from core.feed.announce import announce
from core.outbox import registry
from core.outbox.models import Event, Job
from core.prepared import insert

logger = logging.getLogger(__name__)

# After a hint could not be sent, wait this long before trying the broker again: a broker that hangs must not slow
# every filing down. The sweep finds the jobs meanwhile.
BROKER_PAUSE_SECONDS = 5.0
_broker_paused_until = 0.0
# The task that a hint starts, by its name: who publishes knows nothing of the worker.
HINT = "outbox.run"


def publish(kind: str, *, subject: Model, payload: dict[str, Any] | None = None, by: Actor) -> Event:
    """Write the event, one job for each handler that follows it, and what the feed tells of it, in the caller's
    transaction."""
    now = timezone.now()
    event = insert(
        Event(
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            payload=payload or {},
            actor_kind=by.kind,
            actor_id=by.id,
            created_at=now,
        )
    )
    announce(kind, subject=subject, payload=payload, by=by)
    jobs = [Job(event=event, handler=name, next_attempt_at=now) for name in registry.names_for(kind)]
    if jobs:
        insert(*jobs)
        # One hint for all: what an event sets off is short, and a hint costs more than the row of a job.
        transaction.on_commit(partial(send_hint, *(job.pk for job in jobs)))
    return event


def add_jobs(event: Event, *, handler: str, keys: Iterable[str]) -> None:
    """Add work to an event, one job for each key. Raises IntegrityError for one that the event has already."""
    registry.get(handler)
    now = timezone.now()
    jobs = [Job(event=event, handler=handler, key=key, next_attempt_at=now) for key in keys]
    if jobs:
        insert(*jobs)
    for job in jobs:
        transaction.on_commit(partial(send_hint, job.pk))


def send_hint(*job_ids: int) -> bool:
    """Tell a worker about jobs; False when the broker can't be reached. Never raises: a hint is no promise."""
    global _broker_paused_until
    if time.monotonic() < _broker_paused_until:
        return False
    try:
        current_app.send_task(HINT, job_ids, retry=False)
    except Exception as error:  # noqa: BLE001  any broker failure at all only delays the job to the next sweep
        _broker_paused_until = time.monotonic() + BROKER_PAUSE_SECONDS
        logger.warning("broker out of reach, jobs wait for the sweep: %s", type(error).__name__)
        return False
    return True
