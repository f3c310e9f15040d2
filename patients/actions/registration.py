from collections.abc import Iterable, Mapping
from typing import Any, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, Invalid, Stale
from core.feed.announce import announce
from core.outbox.publish import publish
from core.partial import PartialDate
from facilities.models import Facility
from patients import access, wording
from patients import identifiers as numbers
from patients.actions.correcting import keep_before
from patients.actions.coverage import add_coverage, clean_terms, prefixed
from patients.actions.death import follow_death, require_reason
from patients.actions.linking import Ground, clean_ground, look_up
from patients.actions.numbers import (
    Number,
    check_all,
    give_temporary_number,
    refresh_warnings,
    store,
)
from patients.cleaning import (
    PersonFields,
    clean_person,
    problems_with_care,
    problems_with_records,
    proven_birth,
)
from patients.events import PATIENT_FACTS, REGISTERED, STATED_ELSEWHERE
from patients.known import as_known_to
from patients.models import CONTACT_FIELDS, ContactStatement, Patient, Registration


@action
def register_patient(
    *,
    by: Actor,
    patient_id: UUID | None = None,
    identifiers: Iterable[Number | tuple[str, str, str]] = (),
    coverage: Mapping[str, Any] | None = None,
    ground: Ground | None = None,
    **person: Unpack[PersonFields],
) -> Patient:
    """Register a patient at the actor's facility, with numbers and coverage, wholly or not at all.

    `patient_id` makes a repeated call harmless: the second one gives back what the first one made.
    A patient without any number gets a temporary one. `coverage`: arguments of `record_coverage`.
    With a `ground`, a record of another facility that is known by one of the numbers and by the date of birth is linked
    as `link_patient` does it, and nothing else is written. Without one nobody looks there, and it makes no difference.
    Invalid names a field of `PersonFields`, `identifiers.N` (N from 0), `coverage.<field>` or `ground.<field>`.
    """
    facility = access.own_facility(by)
    values, errors = clean_person(person, country=by.country)
    checked: list[tuple[numbers.IdentifierCheck, Number]] = []
    try:
        checked = check_all([Number(*number) for number in identifiers], born=proven_birth(values))
    except Invalid as error:
        errors |= error.fields
    terms = _terms_of(ground, values, checked, errors)
    try:
        if coverage:
            with prefixed("coverage"):
                clean_terms(coverage)
    except Invalid as error:
        errors |= error.fields
    if errors:
        raise Invalid(errors)
    if terms and (
        known := _known_elsewhere(values, [number for _result, number in checked], terms, facility, by)
    ):
        return known
    values["recorder_id"] = facility.pk
    patient, created = _create(values, patient_id, by=by)
    if not created:
        return patient
    # Before all else: from here on the patient is the facility's own, for the database's row-level security too.
    Registration.objects.create(patient=patient, facility=facility, registered_by_id=by.user_id)
    born = patient.proven_birth
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
    announce(REGISTERED, subject=patient, by=by)
    return patient


def _terms_of(
    ground: Ground | None, values: Mapping[str, Any], given: list[Any], errors: dict[str, list[wording.Text]]
) -> dict[str, Any]:
    """The ground's terms; empty without one. What is wrong goes into `errors`, by field.

    A record elsewhere is found by a number and by the date of birth alone: it says so where one of them isn't there.
    """
    if ground is None:
        return {}
    terms: dict[str, Any] = {}
    try:
        terms = clean_ground(ground)
    except Invalid as error:
        errors |= error.fields
    if values["birth_date"] is None or values["birth_date_estimated"]:
        text = _("Another hospital’s record is found by a date of birth that is no estimate.")
        errors.setdefault("birth_date", [text])
    if not given and not any(name.startswith("identifiers") for name in errors):
        errors["identifiers"] = [
            _("Another hospital’s record is found by a number of the patient. Enter one.")
        ]
    return terms


def _known_elsewhere(
    values: dict[str, Any], given: list[Number], terms: dict[str, Any], facility: Facility, by: Actor
) -> Patient | None:
    """The record of another facility that one of the numbers finds, linked; None where none does, each counted."""
    born = PartialDate(values["birth_date"], values["birth_precision"])
    ordered = sorted(
        given, key=lambda number: number.key
    )  # two who wait for each other's numbers would wait forever
    found = (look_up(number, born, terms, facility, by=by) for number in ordered)
    return next((patient for patient in found if patient is not None), None)


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
    Of another facility's record only how to reach the patient may be stated anew: a row of its own beside the record,
    whose recorder is told. Denied with the code `other_recorder` for anything else.
    `death_correction`: why a death that is recorded is taken back or gets another day.
    """
    access.require_write(by)
    patient = access.visible_patients(by).select_for_update(of=("self",)).filter(pk=patient_id).first()
    if patient is None:
        patient = access.get_visible(by, patient_id)
    if not by.is_system:
        patient = as_known_to(patient, by.organisation_id)
    if patient.version != expected_version:
        raise Stale(
            _(
                "Somebody changed this patient’s record while you were editing it. Look at it again, then repeat."
            )
        )
    values = _said_anew(patient, changes, country=by.country)
    changed = sorted(name for name, value in values.items() if getattr(patient, name) != value)
    if not changed:
        return patient
    if patient.is_view:
        return _state_contact(patient, values, changed, by=by)
    corrects = "deceased_on" in changed and patient.deceased_on is not None
    if corrects:
        require_reason(death_correction)
    keep_before(patient, {name: getattr(patient, name) for name in changed}, by=by)
    for name in changed:
        setattr(patient, name, values[name])
    patient.version += 1
    patient.save()
    refresh_warnings(patient)
    record("patient.updated", by=by, subject=patient, details={"fields": changed, "version": patient.version})
    if "deceased_on" in changed:
        _follow_day(patient, death_correction if corrects else "", by=by)
    publish(PATIENT_FACTS, subject=patient, by=by)
    return patient


def _said_anew(patient: Patient, changes: Mapping[str, Any], *, country: str) -> dict[str, Any]:
    """The record's values with the changes over them. Raises Invalid."""
    values, errors = clean_person(_with(patient, changes), country=country)
    if not errors and not patient.is_view:
        errors = problems_with_care(
            patient.pk,
            born=values["birth_date"],
            estimated=values["birth_date_estimated"],
            died=values["deceased_on"],
        )
    born = proven_birth(values)
    if not errors and not patient.is_view and born is not None and born != patient.proven_birth:
        errors = problems_with_records(patient, born)
    if errors:
        raise Invalid(errors)
    return values


def _follow_day(patient: Patient, correction: str, *, by: Actor) -> None:
    """What a day of death that was written or corrected sets off; whoever may change it has confirmed it, too."""
    waited, patient.death_confirmer = patient.death_confirmer_id is not None, None
    Patient.objects.filter(pk=patient.pk).update(death_confirmer=None)
    follow_death(patient, by=by, correction=correction)
    if waited and correction and patient.deceased_on is not None:  # nothing has followed from the other day
        follow_death(patient, by=by)


def _state_contact(patient: Patient, values: Mapping[str, Any], changed: list[str], *, by: Actor) -> Patient:
    """What the patient states here of how to reach them, beside another facility's record."""
    if not set(changed) <= set(CONTACT_FIELDS):
        raise Denied(wording.OTHER_RECORDER, code="other_recorder")
    last = ContactStatement.objects.filter(patient_id=patient.pk, recorder_id=by.organisation_id).first()
    ContactStatement.objects.create(
        patient_id=patient.pk,
        recorder_id=by.organisation_id,
        recorded_by_id=by.user_id,
        replaces=last,
        **{name: values[name] for name in CONTACT_FIELDS},
    )
    record("patient.contact_stated", by=by, subject=patient, details={"fields": changed})
    publish(STATED_ELSEWHERE, subject=patient, payload={"recorder": patient.recorder_id}, by=by)
    return patient


def _with(patient: Patient, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the changes make them. Where one says what another means, the one that is sent decides."""
    fields = current_fields(patient)
    if "citizenships" in changes:
        fields["citizenship_status"] = ""
    elif changes.get("citizenship_status", Patient.Citizenship.KNOWN) != Patient.Citizenship.KNOWN:
        fields["citizenships"] = []
    if changes.get("residence_district"):
        fields["residence_country"] = ""
    elif "residence_country" in changes and changes["residence_country"] != patient.lives_in:
        fields["residence_district"] = None
    return {**fields, **changes}


def current_fields(patient: Patient) -> dict[str, Any]:
    """The patient's data in the form of `PersonFields`."""
    fields = {name: getattr(patient, name) for name in PersonFields.__annotations__}
    if patient.born is not None and not patient.born.is_whole:
        fields["birth_date"] = patient.born
    fields["residence_district"] = patient.residence_district_id
    return fields
