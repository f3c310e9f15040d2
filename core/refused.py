"""What a rule of the tables refuses although nothing before it did: the last net, for pages and API alike."""

import logging

from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import CheckViolation, ExclusionViolation

from core.errors import Invalid

logger = logging.getLogger(__name__)


def as_invalid(error: Exception) -> Invalid | None:
    """The refusal of a content that a row may not have or that the database can't hold; None for any other error.

    A key that is there twice, or one that leads nowhere, is no content of anybody's: it stays a fault of the portal.
    A check before should have named the field: the log has the constraint (and no content) for whoever adds it.
    """
    refused = isinstance(error, DataError) or (
        isinstance(error, IntegrityError)
        and isinstance(error.__cause__, (CheckViolation, ExclusionViolation))
    )
    if not refused:
        return None
    logger.error("The database refused what a request brought.", exc_info=error)
    return Invalid(
        {
            "": [
                _(
                    "These details contradict each other or what is recorded already, and nothing was saved. "
                    "Check the dates and numbers, then send it again."
                )
            ]
        }
    )
