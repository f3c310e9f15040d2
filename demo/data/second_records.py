"""One person registered three times at a hospital: two of the records are merged already, the third is found on their
page. For a look at merging."""

from core.actors import Actor
from patients import actions
from patients.models import Patient
from patients.synthetic import synthetic_person

_PERSON = 9_401


def play(by: Actor) -> None:
    """Register and merge, as the clinician of a hospital."""
    person = synthetic_person(_PERSON, by.country)
    bare = person | {"identifiers": [], "phone": "", "email": "", "next_of_kin_name": ""}
    actions.register_patient(by=by, **bare)
    merged: Patient = actions.register_patient(by=by, **bare)
    survivor = actions.register_patient(by=by, **person)
    actions.merge_patients(
        by=by,
        survivor_id=survivor.pk,
        merged_id=merged.pk,
        survivor_version=survivor.version,
        merged_version=merged.version,
        ground="entered_twice",
        choices={},
    )
