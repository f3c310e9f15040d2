"""Numbers for events whose transactions are over, one batch after the other: the order of the feed (ADR 23).

Whoever numbers holds a lock until their own numbers are seen by all. So a number that can be read has every lower one
before it, for good: nothing is ever added behind a reader, however long another transaction takes.
"""

from django.db import connection

from core.actors import SYSTEM
from core.db import as_actor

BATCH = 1000
_LOCK = 0x6665_6564  # any constant

# In the order in which the events were written. Of one subject's, that is the order of its lock; and whatever an event
# follows from was committed, and so has a lower id or a number already.
_NUMBER = """
WITH taken AS (
    DELETE FROM feed_waiting WHERE id IN (SELECT id FROM feed_waiting ORDER BY id LIMIT %s)
    RETURNING id, type, kind, subject_id, parties, at
), placed AS (
    SELECT (SELECT coalesce(max(number), 0) FROM feed_entry) + row_number() OVER (ORDER BY id) AS number, taken.*
    FROM taken
), entries AS (
    INSERT INTO feed_entry (number, mark, type, kind, subject_id, at)
    SELECT number, floor(random() * 4294967296)::bigint, type, kind, subject_id, at FROM placed
), readers AS (
    INSERT INTO feed_reader (party, number) SELECT DISTINCT unnest(parties), number FROM placed
)
SELECT count(*) FROM placed
"""


def number_waiting(most: int = BATCH) -> int:
    """Number the events that wait, `most` at a time; how many. 0 where somebody else is at it: theirs come soon."""
    with as_actor(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM feed_waiting)")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # A statement of its own: it sees what the last holder of the lock has committed.
        cursor.execute(_NUMBER, [most])
        return int(cursor.fetchone()[0])
