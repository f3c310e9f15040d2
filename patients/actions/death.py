"""A patient's death: what is written, and what follows at once. Referrals follow by the event."""

from datetime import date
from uuid import UUID

from core import zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from core.outbox.messages import withdraw_unsent
from core.outbox.publish import publish
from patients.cleaning import death_problem, problems_with_care
from patients.events import DIED
from patients.models import Patient


@action
def record_patient_death(*, patient_id: UUID | str, deceased_on: date, by: Actor) -> None:
    """Keep the day of death on the patient's record; a day that is known already stays. Raises Invalid.

    No access rule here: the caller has found that `by` may record it for the referral that they share, which a
    host's desk may without seeing the patient's record.
    """
    patient = Patient.objects.select_for_update().get(pk=patient_id)
    if patient.deceased_on is not None:
        return
    problem = death_problem(
        deceased_on,
        born=patient.birth_date,
        estimated=patient.birth_date_estimated,
        today=zones.today(),
    )
    if problem is not None:
        raise Invalid({"deceased_on": [problem]})
    if errors := problems_with_care(patient.pk, born=None, estimated=False, died=deceased_on):
        raise Invalid(errors)
    patient.deceased_on = deceased_on
    patient.version += 1
    patient.save(update_fields=["deceased_on", "version", "updated_at"])
    follow_death(patient, by=by)


def follow_death(patient: Patient, *, by: Actor) -> None:
    """What a day of death that was just written, or taken back, sets off, inside the caller's transaction.

    Nobody writes to the telephone of somebody who has died: what was not sent yet never is.
    """
    if patient.deceased_on is None:
        record("patient.death_corrected", by=by, subject=patient)
        return
    withdrawn = withdraw_unsent(f"patient:{patient.pk}")
    record("patient.death", by=by, subject=patient, details={"messages_withdrawn": withdrawn})
    publish(DIED, subject=patient, by=by)
