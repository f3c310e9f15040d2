"""Two records beside each other, and the merges of a record, as rows of words for pages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Text
from patients import guards
from patients.comparing import BY_NAME, Compared, State, compare
from patients.models import Merge, Patient
from patients.presentation import birth_text, citizenship_text, residence_text
from patients.relations import RELATIONS


def unit_text(name: str, patient: Patient) -> str:
    """What a record says of a unit of `comparing`, in one line; empty for nothing."""
    special = {
        "name": lambda: patient.full_name,
        "birth_date": lambda: birth_text(patient),
        "sex": patient.get_sex_display,
        "citizenship": lambda: citizenship_text(patient),
        "residence_district": lambda: residence_text(patient),
        "preferred_language": patient.get_preferred_language_display,
    }
    if name in special:
        return str(special[name]())
    return ", ".join(str(value) for field in BY_NAME[name].fields if (value := getattr(patient, field)))


def compared_rows(survivor: Patient, merged: Patient) -> list[dict[str, Any]]:
    """A row for each unit of which one of the records says something: label, both texts, tag (kind, word)."""
    rows = [
        {
            "label": one.unit.label,
            "survivor": unit_text(one.unit.name, survivor),
            "merged": unit_text(one.unit.name, merged),
            "tag": _tag(one),
        }
        for one in compare(survivor, merged)
    ]
    return [row for row in rows if row["survivor"] or row["merged"]]


def _tag(one: Compared) -> tuple[str, str]:
    return {
        State.SAME: ("ok", _("The same")),
        State.KEPT: ("ok", _("Stays as it is")),
        State.COMES: ("info", _("Comes from the other record")),
        State.CONTRADICTS: ("warn", _("They contradict each other")),
    }[one.state]


def coming_over(by: Actor, survivor: Patient, merged: Patient) -> list[Text]:
    """“2 numbers”, “1 consent”: what comes over that the reader may know of."""
    counted = ((rule, rule.seen(by, merged, survivor)) for rule in RELATIONS.values())
    return [rule.words(number) for rule, number in counted if number]


def merges_of(patient: Patient) -> QuerySet[Merge]:
    """The record's merges, the latest first."""
    return Merge.objects.filter(survivor=patient).select_related("merged", "facility__organisation")


def merge_rows(merges: Iterable[Merge]) -> list[dict[str, Any]]:
    """The merges of a record, for its page."""
    return [
        {
            "id": merge.pk,
            "name": merge.merged.full_name,
            "ground": merge.get_ground_display(),
            "by": merge.decided_by or merge.by_label,
            "at": merge.at,
            "undone_at": merge.undone_at,
            "undone_by": merge.undone_decided_by or merge.undone_by_label,
            "reason": merge.get_undo_reason_display(),
        }
        for merge in merges
    ]


def undo_hindrances(merge: Merge) -> list[Text]:
    """Why the merge can't be undone, in sentences."""
    return [found.message for found in guards.undo_obstacles(merge)]
