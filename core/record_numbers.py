"""An organisation's own numbers of things in the portal: checked, kept once for each, told to nobody else."""

import unicodedata
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.forms.text import STANDS_FOR_NONE, unseen_character
from core.placeholders import stands_for_none
from core.sealed.blind import blind_indexes, hold, index_key_changes
from core.sealed.fields import BlindIndexField

FIELD = "record_number"
LONGEST = 60
_PURPOSE = "record number"


def index_field() -> BlindIndexField:
    """By what a record number is found: each facility's have hashes of their own."""
    return BlindIndexField(of="value", purpose=_PURPOSE, beside=("facility_id",))


def having(facility_id: int | None, text: str) -> Q:
    """The rows in which a facility gave this number."""
    return Q(facility_id=facility_id, value_index__in=blind_indexes(_PURPOSE, facility_id, text))


def cleaned(text: str) -> str:
    """The number as it is kept: NFC, with single spaces. Raises Invalid."""
    value = " ".join(unicodedata.normalize("NFC", text).split())
    if unseen_character(value):
        raise Invalid(
            {FIELD: [_("There is an invisible character in the number. Type it again.")]},
            code="unseen_character",
        )
    if stands_for_none(value):
        raise Invalid({FIELD: [STANDS_FOR_NONE]}, code="placeholder")
    if len(value) > LONGEST:
        raise Invalid(
            {FIELD: [_("A record number has 60 characters at most.")]},
            code="max_length",
        )
    return value


def keep(
    model: type[Model], facility_id: int, text: str, *, instead_of: str | None = None, **owner: Any
) -> bool:
    """Set the facility's number of the thing that `owner` names, or take it away (""); whether that changed anything.

    `instead_of`: the number that whoever asks has seen there, None where they don't say. Raises Invalid where it is
    another one now, and where another thing of the facility has the number; the tables hold it, whoever is quicker.
    """
    value = cleaned(text)
    rows = model._default_manager.filter(facility_id=facility_id, **owner)
    present = rows.select_for_update().values_list("value", flat=True).first() or ""
    if present == value:
        return False
    if instead_of is not None and instead_of != present:
        raise _changed(present)
    if not value:
        return rows.delete()[0] > 0
    try:
        with transaction.atomic():
            _refuse_taken(model, facility_id, value, owner)
            model._default_manager.update_or_create(
                facility_id=facility_id, **owner, defaults={"value": value}
            )
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if not name.endswith("_once"):
            raise
        raise _taken() from error
    return True


def _refuse_taken(model: type[Model], facility_id: int, value: str, owner: dict[str, Any]) -> None:
    """While the index's key changes two equal numbers may have two hashes, which the table's rule can't see."""
    if index_key_changes():
        hold("record_number", facility_id, value)
        others = model._default_manager.filter(having(facility_id, value)).exclude(**owner)
        if others.exists():
            raise _taken()


def _taken() -> Invalid:
    taken = _("Your organisation has given this record number already. Each has its own.")
    return Invalid({FIELD: [taken]}, code="record_number_taken")


def _changed(present: str) -> Invalid:
    text = (
        _("Meanwhile a colleague entered %(number)s. Save yours again if it is to stand instead.")
        % {"number": present}
        if present
        else _("Meanwhile a colleague took the number away. Save yours again if it is to stand.")
    )
    return Invalid({FIELD: [text]}, code="record_number_changed")
