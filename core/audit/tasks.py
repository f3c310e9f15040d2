from celery import shared_task

from core.actors import SYSTEM
from core.audit.refusals import close_minutes
from core.db import as_actor


@shared_task(name="audit.close_minutes")
def count_refusals() -> int:
    """Write down how often the same was refused in minutes that are over. The number of rows."""
    with as_actor(SYSTEM):
        return close_minutes()
