from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import languages
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from patients import access
from patients.models import Patient


class AskedBy(models.TextChoices):
    """Who asks what is known of a patient."""

    PATIENT = "patient", _("The patient, whose document I have seen or whom I know")
    REPRESENTATIVE = (
        "representative",
        _("A parent, guardian or other legal representative, whose papers I have seen"),
    )


@action
def give_statement(*, by: Actor, patient_id: UUID, asked_by: str, language: str) -> Patient:
    """Note that a patient is given the statement of who was shown their data: the patient, to make it of.

    Every country in which the patient is registered has the row. Invalid names the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    errors = {}
    if asked_by not in AskedBy.values:
        errors["asked_by"] = [_("Say who asks for the statement.")]
    if language not in languages.CODES:
        errors["language"] = [_("Choose one of the languages offered.")]
    if errors:
        raise Invalid(errors)
    details = {"asked_by": asked_by, "language": language}
    for country in sorted(access.countries_of(patient) | {by.country}):
        record("patient.statement_given", by=by, subject=patient, country=country, details=details)
    access.show_statement(by, patient)
    return patient
