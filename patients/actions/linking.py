from datetime import date
from functools import partial

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action, keep
from core.errors import Invalid
from core.partial import PartialDate
from patients import access, duplicates
from patients.actions.numbers import Number, check_number
from patients.models import Patient, Registration


@action
def link_patient(
    *, by: Actor, system: str, country: str = "", value: str, birth_date: date | PartialDate
) -> Patient:
    """Register a patient who is known elsewhere at the actor's facility too.

    Needs the exact number and the date of birth. One answer for "no such number" and "another date of birth",
    so that nobody learns from it whether a number is known; a refused attempt is written to the audit log. Where the
    record has a year or a month of birth alone, so must the question: a day in it proves nothing.
    """
    facility = access.own_facility(by)
    checked, country = check_number(Number(system, country, value))
    details = {"system": system, "facility": facility.pk}
    patient_id = duplicates.linkable_patient_id(system, country, checked.value, PartialDate.of(birth_date))
    if patient_id is None:
        keep(partial(record, "patient.link_refused", by=by, details=details))
        raise Invalid(
            {"": [_("No patient with this number and this date of birth is known.")]}, code="no_match"
        )
    _registration, created = Registration.objects.get_or_create(
        patient_id=patient_id, facility=facility, defaults={"registered_by_id": by.user_id}
    )
    patient = Patient.objects.get(pk=patient_id)  # which can be read from here on
    if created:
        record("patient.linked", by=by, subject=patient, details=details)
    return patient
