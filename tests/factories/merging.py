"""Two records of one person, merged and parted as a person does it."""

from datetime import date
from typing import Any

from patients import actions
from patients.models import Merge, Patient
from patients.relations import RELATIONS
from tests.factories.facilities import World
from tests.factories.patients import make_patient

BORN = date(1985, 7, 6)


def record(world: World, by: str = "clinician_kz", **changes: Any) -> Patient:
    """A record of the one person; `identifiers` are what tells the records apart."""
    said = {"family_name": "Тестова", "given_name": "Двойня", "birth_date": BORN, "sex": "female"}
    said |= {"phone": "", "email": "", "patronymic": "", "preferred_language": "ru", "next_of_kin_name": ""}
    return make_patient(world.actor(by), **(said | {"identifiers": []} | changes))


def merge(
    world: World, survivor: Patient, merged: Patient, by: str = "clinician_kz", **changes: Any
) -> Merge:
    versions = dict(Patient.objects.filter(pk__in=[survivor.pk, merged.pk]).values_list("pk", "version"))
    said = {
        "survivor_id": survivor.pk,
        "merged_id": merged.pk,
        "survivor_version": versions[survivor.pk],
        "merged_version": versions[merged.pk],
        "ground": "entered_twice",
        "choices": {},
    }
    return actions.merge_patients(by=world.actor(by), **(said | changes))


def undo(world: World, done: Merge, by: str = "clinician_kz", **changes: Any) -> Merge:
    said = {"survivor_id": done.survivor_id, "merge_id": done.pk, "reason": "two_persons"}
    version = Patient.objects.get(pk=done.survivor_id).version
    return actions.undo_merge(by=world.actor(by), **(said | {"expected_version": version} | changes))


def state(*patients: Patient) -> dict[str, Any]:
    """Everything that the records are, and all that hangs on them."""
    own = {"version", "updated_at"}
    ids = [patient.pk for patient in patients]
    found: dict[str, Any] = {
        str(row["id"]): {name: value for name, value in row.items() if name not in own}
        for row in Patient.objects.filter(pk__in=ids).values()
    }
    for name, rule in RELATIONS.items():
        rows = rule.of(*patients).order_by("pk").values()
        found[name] = [{key: value for key, value in row.items() if key not in own} for row in rows]
    return found
