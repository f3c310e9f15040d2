"""An organisation's own numbers of things in the portal: checked, kept once for each, told to nobody else."""

import unicodedata
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.forms.text import unseen_character

FIELD = "record_number"
LONGEST = 60


def cleaned(text: str) -> str:
    """The number as it is kept: NFC, with single spaces. Raises Invalid."""
    value = " ".join(unicodedata.normalize("NFC", text).split())
    if unseen_character(value):
        raise Invalid(
            {FIELD: [_("There is an invisible character in the number. Type it again.")]},
            code="unseen_character",
        )
    if len(value) > LONGEST:
        raise Invalid(
            {FIELD: [_("A record number has 60 characters at most.")]},
            code="max_length",
        )
    return value


def keep(model: type[Model], facility_id: int, text: str, **owner: Any) -> bool:
    """Set the facility's number of the thing that `owner` names, or take it away (""); whether that changed anything.

    Raises Invalid where another thing of the facility has the number; the tables hold it, whoever is quicker.
    """
    value = cleaned(text)
    rows = model._default_manager.filter(facility_id=facility_id, **owner)
    if rows.filter(value=value).exists():
        return False
    if not value:
        return rows.delete()[0] > 0
    try:
        with transaction.atomic():
            model._default_manager.update_or_create(
                facility_id=facility_id, **owner, defaults={"value": value}
            )
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if not name.endswith("_once"):
            raise
        taken = _("Your organisation has given this record number already. Each has its own.")
        raise Invalid({FIELD: [taken]}, code="record_number_taken") from error
    return True
