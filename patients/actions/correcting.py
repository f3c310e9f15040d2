from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from core.actors import Actor
from patients.actions.consent import label_of
from patients.models import Correction, Patient

#: Follow from other fields.
_DERIVED = {"name_latin", "name_key", "search_key", "phone_index"}


def keep_before(patient: Patient, before: Mapping[str, Any], *, by: Actor) -> None:
    """Keep what stood in a record before it is changed, in the caller's transaction: a correction loses nothing.

    `before`: the fields that change; of a number that is removed, `identifier` with `system`, `country` and `value`.
    """
    Correction.objects.create(
        patient_id=patient.pk,
        version=patient.version,
        before={name: value for name, value in before.items() if name not in _DERIVED},
        corrected_by_label=label_of(by),
        corrected_at=timezone.now(),
    )
