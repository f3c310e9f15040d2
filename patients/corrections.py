"""What stood in a record before it was corrected, in words, for the hospital whose record it is and for the patient."""

from copy import copy
from typing import Any

from core.errors import Text
from patients.comparing import UNITS
from patients.identifiers import ALL
from patients.merge_words import unit_text
from patients.models import Correction, Patient

#: The latest that a page shows.
MOST = 20


def corrections_of(patient: Patient, most: int = MOST) -> list[dict[str, Any]]:
    """Rows of `at`, `by` and `lines`, pairs of label and what stood there; none for another facility's record."""
    if patient.is_view:
        return []
    rows = Correction.objects.filter(patient_id=patient.pk).order_by("-pk")[:most]
    return [
        {"at": row.corrected_at, "by": row.corrected_by_label, "lines": _lines(patient, row.before)}
        for row in rows
    ]


def _lines(patient: Patient, before: dict[str, Any]) -> list[tuple[Text, str]]:
    lines: list[tuple[Text, str]] = []
    number = before.pop("identifier", None)
    if number:
        labels = {system.code: system.label for system in ALL}
        lines.append((labels.get(number["system"], ""), f"{number['country']} {number['value']}"))
    old = copy(patient)
    for name, value in before.items():
        setattr(old, name, _field(name).to_python(value))
    lines += [
        (unit.label, unit_text(unit.name, old))
        for unit in UNITS
        if any(_has(before, name) for name in unit.fields)
    ]
    shown = {name for unit in UNITS for name in unit.fields}
    for name, value in before.items():
        if name.removesuffix("_id") not in shown and name not in shown:
            lines.append((_field(name).verbose_name, str(value or "")))
    return [(label, text or "–") for label, text in lines]


def _has(before: dict[str, Any], name: str) -> bool:
    return name in before or f"{name}_id" in before


def _field(name: str) -> Any:
    return Patient._meta.get_field(name.removesuffix("_id"))
