"""What the database refuses although nothing before it did: the last net, for pages and API alike."""

import logging

from django.db import DataError, IntegrityError
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid

logger = logging.getLogger(__name__)


def as_invalid(error: Exception) -> Invalid | None:
    """The refusal of a content that breaks a rule of the tables; None for any other error.

    A check before should have named the field: the log has the constraint (and no content) for whoever adds it.
    """
    if not isinstance(error, (IntegrityError, DataError)):
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
