from collections.abc import Iterable, Mapping
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid, Stale
from core.outbox.publish import publish
from patients import access
from patients import identifiers as numbers
from patients.actions.coverage import add_coverage, prefixed
from patients.actions.death import follow_death, require_reason
from patients.actions.numbers import (
    Number,
    check_all,
    give_temporary_number,
    proven_birth_date,
    refresh_warnings,
    store,
)
from patients.cleaning import PersonFields, clean_person, problems_with_care
from patients.events import PATIENT_FACTS
from patients.models import Patient, Registration


@action
def register_patient(
    *,
    by: Actor,
    patient_id: UUID | None = None,
    identifiers: Iterable[Number | tuple[str, str, str]] = (),
    coverage: Mapping[str, Any] | None = None,
    **person: Unpack[PersonFields],
) -> Patient:
    """Register a patient at the actor's facility, with numbers and coverage, wholly or not at all.

    `patient_id` makes a repeated call harmless: the second one gives back what the first one made.
    A patient without any number gets a temporary one. `coverage`: arguments of `record_coverage`.
    Invalid names a field of `PersonFields`, `identifiers.N` (N from 0) or `coverage.<field>`.
    """
    facility = access.own_facility(by)
    values, errors = clean_person(person, country=by.country)
    checked: list[tuple[numbers.IdentifierCheck, Number]] = []
    try:
        checked = check_all([Number(*number) for number in identifiers])
    except Invalid as error:
        errors |= error.fields
    if errors:
        raise Invalid(errors)
    patient, created = _create(values, patient_id, by=by)
    if not created:
        return patient
    # Before all else: from here on the patient is the facility's own, for the database's row-level security too.
    Registration.objects.create(patient=patient, facility=facility, registered_by_id=by.user_id)
    born = proven_birth_date(patient)
    found_warnings = []
    for index, (result, number) in enumerate(checked):
        found = numbers.all_warnings(result, born, patient.sex)
        found_warnings += [f"{number.system}:{code}" for code in found]
        store(patient, number, found, by=by, field=f"identifiers.{index}")
    if not checked:
        give_temporary_number(patient, by=by)
    if coverage:
        with prefixed("coverage"):
            add_coverage(patient, coverage, by=by)
    details = {
        "facility": facility.pk,
        "systems": [number.system for _result, number in checked],
        "warnings": found_warnings,
        "unknown": patient.is_unknown,
    }
    record("patient.registered", by=by, subject=patient, details=details)
    return patient


def _create(values: dict[str, Any], patient_id: UUID | None, *, by: Actor) -> tuple[Patient, bool]:
    known = {"id": patient_id} if patient_id else {}
    try:
        with transaction.atomic():
            return Patient.objects.create(**known, **values, created_by_id=by.user_id), True
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        made = access.visible_patients(by).filter(pk=patient_id).first() if patient_id else None
        if name == "patients_patient_pkey" and made is not None:
            return made, False
        raise


@action
def update_patient(
    *,
    by: Actor,
    patient_id: UUID,
    expected_version: int,
    death_correction: str = "",
    **changes: Unpack[PersonFields],
) -> Patient:
    """Change the fields given; the others stay. Stale when the record isn't at `expected_version` any more.

    A changed date of birth or sex weighs the patient's numbers anew. Without a real change nothing is written.
    `death_correction`: why a death that is recorded is taken back or gets another day.
    """
    access.require_write(by)
    patient = access.visible_patients(by).select_for_update(of=("self",)).filter(pk=patient_id).first()
    if patient is None:
        patient = access.get_visible(by, patient_id)
    if patient.version != expected_version:
        raise Stale(
            _(
                "Somebody changed this patient’s record while you were editing it. Look at it again, then repeat."
            )
        )
    values, errors = clean_person(_with(current_fields(patient), changes), country=by.country)
    if not errors:
        errors = problems_with_care(
            patient.pk,
            born=values["birth_date"],
            estimated=values["birth_date_estimated"],
            died=values["deceased_on"],
        )
    if errors:
        raise Invalid(errors)
    changed = sorted(name for name, value in values.items() if getattr(patient, name) != value)
    if not changed:
        return patient
    corrects = "deceased_on" in changed and patient.deceased_on is not None
    if corrects:
        require_reason(death_correction)
    for name in changed:
        setattr(patient, name, values[name])
    patient.version += 1
    patient.save()
    refresh_warnings(patient)
    record("patient.updated", by=by, subject=patient, details={"fields": changed, "version": patient.version})
    if "deceased_on" in changed:
        follow_death(patient, by=by, correction=death_correction if corrects else "")
    publish(PATIENT_FACTS, subject=patient, by=by)
    return patient


def _with(fields: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the changes make them. Where one says what another means, the one that is sent decides."""
    if "citizenships" in changes:
        fields["citizenship_status"] = ""
    elif changes.get("citizenship_status", Patient.Citizenship.KNOWN) != Patient.Citizenship.KNOWN:
        fields["citizenships"] = []
    return {**fields, **changes}


def current_fields(patient: Patient) -> dict[str, Any]:
    """The patient's data in the form of `PersonFields`."""
    fields = {name: getattr(patient, name) for name in PersonFields.__annotations__}
    if patient.born is not None and not patient.born.is_whole:
        fields["birth_date"] = patient.born
    fields["residence_district"] = patient.residence_district_id
    return fields
