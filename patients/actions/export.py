from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import languages
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from disclosure import ledger
from disclosure.models import Basis, Purpose
from patients import access
from patients.actions.statement import AskedBy
from patients.known import require_recorder
from patients.models import Patient

FORMATS = ("pdf", "json")


@action
def give_export(*, by: Actor, patient_id: UUID, asked_by: str, language: str, as_format: str) -> Patient:
    """Note that a patient is given everything that is held on them; the patient, of whom it is made.

    As with the statement: the record's recorder gives it, else Denied; every country in which the patient is registered
    has the row. Invalid names the argument.
    """
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    require_recorder(by, patient)
    errors = {}
    if asked_by not in AskedBy.values:
        errors["asked_by"] = [_("Say who asks for the data.")]
    if language not in languages.CODES:
        errors["language"] = [_("Choose one of the languages offered.")]
    if as_format not in FORMATS:
        errors["as_format"] = [_("Choose paper or file.")]
    if errors:
        raise Invalid(errors)
    details = {"asked_by": asked_by, "language": language, "format": as_format}
    countries = access.countries_of(patient) | {by.country}
    for country in sorted(countries):
        record("patient.exported", by=by, subject=patient, country=country, details=details)
    ledger.note(
        "patients.export",
        to=by,
        patients=[patient.pk],
        purpose=Purpose.REQUEST,
        basis=[Basis.RIGHT_TO_KNOW],
        clinical=True,
        countries=countries,
        subject=patient,
    )
    return patient
