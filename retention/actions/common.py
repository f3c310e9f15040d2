"""What the actions share."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from core.actors import Actor
from core.audit.log import record
from core.errors import Text
from patients import wording
from patients.actions.consent import label_of
from patients.cleaning import too_long
from patients.contact import clean_text

__all__ = ["label_of", "said", "trace"]


def said(name: str, text: str, longest: int, missing: Text, errors: dict[str, list[Text]]) -> str:
    """The text as it is kept; what is wrong with it goes into `errors`."""
    cleaned = clean_text(text)
    if cleaned is None:
        errors[name] = [wording.HIDDEN_CHARACTER]
    elif not cleaned:
        errors[name] = [missing]
    elif len(cleaned) > longest:
        errors[name] = [too_long(longest)]
    return cleaned or ""


def trace(action: str, subject: Model, countries: Iterable[str], by: Actor, details: dict[str, Any]) -> None:
    """A row of the audit log for each country that it concerns."""
    for country in sorted({*countries, by.country} - {""}):
        record(action, by=by, subject=subject, country=country, details=details)
