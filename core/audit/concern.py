"""Which countries' auditors read of a change. The floor knows no places, so settings name who tells it."""

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string


def countries_concerned(row: Model) -> set[str]:
    """The codes of the countries that a row belongs to; none for one that belongs to all."""
    found: set[str] = import_string(settings.CONCERN_PROVIDER)(row)
    return found


def everywhere() -> list[str]:
    """Every country's code, by the alphabet; what belongs to none is read by all. [""] without any country."""
    found: list[str] = import_string(settings.COUNTRIES_PROVIDER)()
    return found or [""]
