"""In which record a record lives on that was merged into another one."""

from uuid import UUID

from core.walls.session import reaching
from patients.models import Patient


@reaching("identity")
def standing_id(patient_id: UUID) -> UUID:
    """The record in which a record lives on, over as many merges as there were; itself where it stands."""
    into = patient_id
    while key := Patient.objects.filter(pk=into).values_list("merged_into_id", flat=True).first():
        into = key
    return into


@reaching("identity")
def every_id_of(patient: Patient) -> set[UUID]:
    """The record's own id and those of all that were merged into it, over as many merges as there were."""
    found, newest = {patient.pk}, {patient.pk}
    while newest:
        rows = Patient.objects.filter(merged_into_id__in=newest).values_list("pk", flat=True)
        newest = set(rows) - found
        found |= newest
    return found
