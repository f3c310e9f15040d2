"""A patient's death: what is written, and what follows at once. Referrals follow by the event."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, Text
from core.outbox.messages import withdraw_unsent
from core.outbox.publish import publish
from patients import access, wording
from patients.cleaning import death_problem, problems_with_care
from patients.events import DEATH_STATED, DIED
from patients.known import is_recorder
from patients.models import Patient

#: Why a death that was recorded is taken back, or gets another day.
DEATH_CORRECTIONS: dict[str, Text] = {
    "alive": _("The news was wrong: the person lives"),
    "other_person": _("Another person has died"),
    "wrong_day": _("The day was written down wrongly"),
}


@action
def record_patient_death(
    *, patient_id: UUID | str, deceased_on: date, by: Actor, confirmer: int | None = None
) -> None:
    """Keep the day of death on the patient's record; a day that is known already stays. Raises Invalid.

    Unless the record's own facility says it, it waits for the facility `confirmer` to confirm it: nothing more is sent
    to the patient meanwhile, and nothing else follows.

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
    waits = not is_recorder(by, patient)
    patient.deceased_on = deceased_on
    patient.death_confirmer_id = (confirmer or patient.recorder_id) if waits else None
    if (
        patient.death_confirmer_id == by.organisation_id
    ):  # it directs the referral, and the record is another's
        patient.death_confirmer_id = patient.recorder_id
    patient.version += 1
    patient.save(update_fields=["deceased_on", "death_confirmer", "version", "updated_at"])
    if patient.death_confirmer_id is None:
        follow_death(patient, by=by)
        return
    record("patient.death_stated", by=by, subject=patient)
    publish(DEATH_STATED, subject=patient, payload={"recorder": patient.death_confirmer_id}, by=by)


@action
def confirm_death(*, by: Actor, patient_id: UUID) -> Patient:
    """Confirm the day of death that another hospital recorded: now it sets off what a death does.

    Raises Denied for another facility than the one that has to, IllegalTransition where nothing waits. Who knows better
    takes the day back instead (`update_patient`).
    """
    access.require_write(by)
    access.get_visible(by, patient_id)
    patient = Patient.objects.select_for_update(of=("self",)).get(pk=patient_id)
    if patient.deceased_on is None or patient.death_confirmer_id is None:
        raise IllegalTransition(_("No death waits to be confirmed."))
    if not by.is_system and by.organisation_id not in (patient.death_confirmer_id, patient.recorder_id):
        raise Denied(wording.OTHER_RECORDER, code="other_recorder")
    patient.death_confirmer = None
    patient.version += 1
    patient.save(update_fields=["death_confirmer", "version", "updated_at"])
    record("patient.death_confirmed", by=by, subject=patient)
    follow_death(patient, by=by)
    return patient


def require_reason(reason: str) -> None:
    """Invalid with `death_correction` unless it says why a death that is recorded is corrected."""
    if reason not in DEATH_CORRECTIONS:
        text = _("A death is recorded. Say why it is taken back or gets another day.")
        raise Invalid({"death_correction": [text if not reason else _("Choose one of the answers offered.")]})


def follow_death(patient: Patient, *, by: Actor, correction: str = "") -> None:
    """What a day of death that was just written, corrected or taken back sets off, inside the caller's transaction.

    `correction` says why, where a death was recorded before. Nobody writes to the telephone of somebody who has died:
    what was not sent yet never is.
    """
    if correction:
        details = {"reason": correction, "taken_back": patient.deceased_on is None}
        record("patient.death_corrected", by=by, subject=patient, details=details)
        return
    withdrawn = withdraw_unsent(f"patient:{patient.pk}")
    record("patient.death", by=by, subject=patient, details={"messages_withdrawn": withdrawn})
    publish(DIED, subject=patient, by=by)
