from uuid import UUID

from core import record_numbers
from core.actors import Actor
from core.audit.log import record
from core.db import action
from patients import access
from patients.models import Patient, RecordNumber


@action
def set_record_number(*, by: Actor, patient_id: UUID, value: str) -> Patient:
    """Give a patient the actor's facility's own number, "" takes it away. Whoever made the record has no say in it.

    Nobody else is told: it is no fact of the patient. Raises Denied, NotKnown, Invalid with `record_number`.
    """
    facility = access.own_facility(by)
    patient = access.get_visible(by, patient_id)
    if record_numbers.keep(RecordNumber, facility.pk, value, patient_id=patient.pk):
        record("patient.record_number", by=by, subject=patient, details={"given": bool(value.strip())})
    return patient
