"""The beat's part in the audit log."""

import logging

from celery import shared_task

from core.actors import SYSTEM
from core.audit import copies, sealing
from core.audit.refusals import close_minutes
from core.db import as_actor

logger = logging.getLogger(__name__)


@shared_task(name="audit.seal")
def seal() -> None:
    """Seal what was written since, and copy the new heads out of the database at once."""
    if sealing.seal():
        copy()


@shared_task(name="audit.copy")
def copy() -> None:
    """Copy what an earlier copying could not. The log goes on where the folder can't be written."""
    try:
        copies.copy()
    except OSError:
        logger.exception("the audit log's heads could not be copied to AUDIT_COPIES")


@shared_task(name="audit.seal_thoroughly")
def seal_thoroughly() -> None:
    """Find rows of transactions that took very long."""
    sealing.seal(thorough=True)
    copy()


@shared_task(name="audit.close_minutes")
def count_refusals() -> int:
    """Write down how often the same was refused in minutes that are over. The number of rows."""
    with as_actor(SYSTEM):
        return close_minutes()
