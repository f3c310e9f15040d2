from datetime import date
from uuid import UUID

from core.actors import Actor
from core.audit.log import record
from core.db import action
from patients.models import Patient


@action
def record_patient_death(*, patient_id: UUID | str, deceased_on: date, by: Actor) -> None:
    """Keep the day of death on the patient's record; a day that is known already stays.

    No access rule here: the caller has found that `by` may record it for the referral that they share, which a
    host's desk may without seeing the patient's record.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    if patient.deceased_on is None:
        patient.deceased_on = deceased_on
        patient.version += 1
        patient.save(update_fields=["deceased_on", "version", "updated_at"])
        record("patient.death", by=by, subject=patient)
