from uuid import UUID

from core import record_numbers
from core.actors import Actor
from core.audit.log import record
from core.db import action
from patients import access
from patients.models import Patient, RecordNumber


@action
def set_record_number(*, by: Actor, patient_id: UUID, value: str, instead_of: str | None = None) -> Patient:
    """Give a patient the actor's facility's own number, "" takes it away. Whoever made the record has no say in it.

    Nobody else is told: it is no fact of the patient. `instead_of`: the number that was there when it was
    decided, where that is to be held. Raises Denied, NotKnown, Invalid with `record_number`.
    """
    facility = access.own_facility(by)
    patient = access.get_visible(by, patient_id)
    if record_numbers.keep(RecordNumber, facility.pk, value, instead_of=instead_of, patient_id=patient.pk):
        record("patient.record_number", by=by, subject=patient, details={"given": bool(value.strip())})
    return patient
