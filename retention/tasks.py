"""The beat's task: find what is due, and carry out what is granted, a little at a time."""

import logging
import time

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from core.db import as_actor, transaction_for
from core.errors import IllegalTransition
from core.outbox.models import Event
from core.outbox.registry import handler
from retention import actions
from retention.events import GRANTED
from retention.models import Erasure, State

#: Seconds after which a run leaves the rest to the next one, and erasures that one run carries out at most.
LONGEST, MOST = 60.0, 200

logger = logging.getLogger(__name__)


@shared_task(name="retention.run", ignore_result=True)
def run() -> None:
    """Go on with the day's search, then with what is granted: at most a minute, and safe to stop at any point."""
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        with transaction_for(SYSTEM):
            if not actions.find_due(by=SYSTEM, now=timezone.now()):
                break
    with transaction_for(SYSTEM):
        rows = Erasure.objects.filter(state=State.GRANTED).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:MOST])
    for key in keys:
        if time.monotonic() >= ends:
            return
        _carry_out(key)


@handler(GRANTED, name="retention.erase", atomic=False)
def erase(event: Event, key: str) -> None:
    """Carry out what was just decided. What a hold keeps waits for the beat. Safe to repeat."""
    _carry_out(int(event.subject_id))


def _carry_out(erasure_id: int) -> None:
    try:
        with as_actor(SYSTEM):
            actions.carry_out(by=SYSTEM, erasure_id=erasure_id)
    except IllegalTransition:  # a hold was placed at the same moment
        logger.info("an erasure waits: its record is held")
