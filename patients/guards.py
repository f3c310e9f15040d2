"""Why two records can't be merged now, or a merge undone: one answer for actions, pages and API."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.road import Hindrance
from core.walls.session import reaching
from patients import belongings
from patients.comparing import UNITS
from patients.models import Merge, Patient
from patients.relations import RELATIONS

BORN_DIFFERENTLY = Hindrance(
    "born_differently",
    _(
        "The two dates of birth can’t be one. Compare both with the documents and correct the wrong one first; "
        "if both are right, they are two persons."
    ),
)
ONE_IS_DEAD = Hindrance(
    "one_is_dead",
    _("One record says that the person has died, the other doesn’t. Correct the one that is wrong first."),
)
DIED_TWICE = Hindrance(
    "died_twice", _("The two records have different dates of death. Correct the one that is wrong first.")
)
SAME_RECORD = Hindrance("same_record", _("This is the same record. Choose the other one."))
SYNTHETIC = Hindrance(
    "one_is_synthetic", _("One of the two is a synthetic test record, the other a person’s.")
)

UNDONE = Hindrance("undone", _("This merge was undone already."))
MERGED_FURTHER = Hindrance(
    "merged_further",
    _("The record was merged once more since. Undo the later merge first, if that was wrong too."),
)
DIED_SINCE = Hindrance(
    "died_since",
    _("The person’s death was recorded or corrected after the merge. Nobody can say of which record."),
)


#: Of everything that may stand against it in this room.
CODES = (
    *(one.code for one in (BORN_DIFFERENTLY, ONE_IS_DEAD, DIED_TWICE, SYNTHETIC)),
    *(one.code for one in (UNDONE, MERGED_FURTHER, DIED_SINCE, belongings.NUMBER_GONE)),
    belongings.TWO_NUMBERS,
    "changed_since",
)


@reaching("merge")
def merge_obstacles(survivor: Patient, merged: Patient) -> list[Hindrance]:
    """Everything that stands against it, the person first."""
    return [
        *_of_the_person(survivor, merged),
        *(found for rule in RELATIONS.values() for found in rule.obstacles(survivor, merged)),
    ]


def _of_the_person(survivor: Patient, merged: Patient) -> Iterator[Hindrance]:
    if survivor.is_synthetic != merged.is_synthetic:
        yield SYNTHETIC
    ours, theirs = survivor.born, merged.born
    certain = not (survivor.birth_date_estimated or merged.birth_date_estimated)
    if ours is not None and theirs is not None and certain and not ours.may_be(theirs):
        yield BORN_DIFFERENTLY
    if survivor.deceased_on != merged.deceased_on:
        both = survivor.deceased_on is not None and merged.deceased_on is not None
        yield DIED_TWICE if both else ONE_IS_DEAD


@reaching("merge")
def undo_obstacles(merge: Merge) -> list[Hindrance]:
    """What has happened since that can't be parted again; nothing where the merge can be undone."""
    if merge.undone_at is not None:
        return [UNDONE]
    survivor = merge.survivor
    if survivor.merged_into_id is not None:
        return [MERGED_FURTHER]
    # Both had one day of death, or none, when they were merged; the other record says it still.
    found = [DIED_SINCE] if merge.merged.deceased_on != survivor.deceased_on else []
    if changed := changed_since(merge):
        names = ", ".join(str(unit.label) for unit in UNITS if changed.intersection(unit.fields)) or "—"
        text = _(
            "What the merge took over was changed since: %(fields)s. Nobody can say which record it belongs to."
        )
        found.append(Hindrance("changed_since", text % {"fields": names}))
    for name, rule in RELATIONS.items():
        found += rule.undo_obstacles(merge, merge.moved.get(name, []))
    return found


def changed_since(merge: Merge) -> set[str]:
    """The fields that the merge set on the record that stays, and that say something else now."""
    return {
        name for name, value in merge.after.items() if value_of(merge.survivor, name) != restored(name, value)
    }


def value_of(patient: Patient, name: str) -> Any:
    """A field's value as the database has it; `name` is the column's attribute."""
    return getattr(patient, name)


def restored(name: str, value: Any) -> Any:
    """A field's value back from the JSON in which a merge keeps it."""
    field: Any = Patient._meta.get_field(name.removesuffix("_id"))
    if value is None or isinstance(value, list):
        return value
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)
