"""The beat's part in the audit log."""

import logging

from celery import shared_task

from core.audit import copies, sealing

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
