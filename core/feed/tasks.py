"""The beat's part: events get their numbers though nobody reads, and go when they were kept long enough."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.actors import SYSTEM
from core.db import as_actor
from core.feed.numbering import BATCH, number_waiting

_PURGED_AT_ONCE = 10_000
# The newest of those that are old enough stays: it is the place of a reader who has read all that isn't.
_FLOOR = """
SELECT coalesce(
    (SELECT number - 1 FROM feed_entry WHERE at >= %s ORDER BY number LIMIT 1),
    (SELECT max(number) FROM feed_entry),
    0
)
"""


@shared_task(name="feed.number")
def number() -> int:
    """Number all events that wait; how many."""
    done = 0
    while batch := number_waiting():
        done += batch
        if batch < BATCH:
            break
    return done


@shared_task(name="feed.purge")
def purge() -> int:
    """Delete the events that are older than FEED_DAYS_KEPT, a batch in each transaction. The number deleted."""
    deleted = 0
    while batch := _purge():
        deleted += batch
    return deleted


def _purge() -> int:
    with as_actor(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_FLOOR, [timezone.now() - timedelta(days=settings.FEED_DAYS_KEPT)])
        floor = cursor.fetchone()[0]
        cursor.execute("SELECT min(number) FROM feed_entry WHERE number < %s", [floor])
        first = cursor.fetchone()[0]
        if first is None:
            return 0
        until = min(floor, first + _PURGED_AT_ONCE)
        cursor.execute("DELETE FROM feed_reader WHERE number < %s", [until])
        cursor.execute("DELETE FROM feed_entry WHERE number < %s", [until])
        return int(cursor.rowcount)
