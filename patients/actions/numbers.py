import secrets
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Invalid
from core.outbox.publish import publish
from core.partial import PartialDate
from core.sealed.blind import index_key_changes
from facilities.countries import ISO_CODES
from patients import access, wording
from patients import identifiers as numbers
from patients.actions.correcting import keep_before
from patients.events import PATIENT_FACTS
from patients.known import is_recorder, numbers_of, require_recorder
from patients.lookup import hold, matching
from patients.models import Identifier, Patient

EARLIEST_EXPIRY = 1950
#: Documents without an end write a year far ahead, 2099 or 50 years from now; none is valid for longer than a life.
LONGEST_VALID = 100


class Number(NamedTuple):
    """A number as typed: its system, the country that issued it ("" for a national number), its value.

    `expires_on` is the last day on which a document is valid, None where it names none.
    """

    system: str
    country: str
    value: str
    expires_on: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one number from another: system, country, value."""
        return self[:3]


@action
def add_identifier(
    *,
    by: Actor,
    patient_id: UUID,
    system: str,
    country: str = "",
    value: str,
    expires_on: date | None = None,
) -> Identifier:
    """Give a patient one more number. Invalid with the fields system, country, value or expires_on."""
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    if system == numbers.TEMPORARY:
        raise Invalid({"system": [_("Temporary numbers are given by the portal.")]})
    checked, country = check_number(Number(system, country, value, expires_on), born=patient.proven_birth)
    found = numbers.all_warnings(checked, patient.proven_birth, patient.sex)
    identifier = store(patient, Number(system, country, checked.value, expires_on), found, by=by)
    record("patient.identifier_added", by=by, subject=patient, details={"system": system, "warnings": found})
    publish(PATIENT_FACTS, subject=patient, by=by)
    return identifier


@action
def remove_identifier(*, by: Actor, patient_id: UUID, identifier_id: int, reason: str) -> None:
    """Take a wrong number away. The reason goes to the audit log, the value to the record's corrections."""
    access.require_write(by)
    patient = access.get_visible(by, patient_id)
    reason = reason.strip()
    if reason not in REMOVAL_REASONS:
        raise Invalid({"reason": [_("Choose one of the answers offered.")]})
    identifier = numbers_of(by).filter(patient=patient, pk=identifier_id).first()
    if identifier is None:
        raise Invalid({"": [_("This number was removed already.")]})
    require_recorder(by, identifier)
    said = {name: getattr(identifier, name) for name in ("system", "country", "value")}
    keep_before(patient, {"identifier": said}, by=by)
    identifier.delete()
    if is_recorder(by, patient) and not patient.identifiers.filter(recorder_id=patient.recorder_id).exists():
        give_temporary_number(patient, by=by)
    details = {"system": identifier.system, "reason": reason}
    record("patient.identifier_removed", by=by, subject=patient, details=details)
    publish(PATIENT_FACTS, subject=patient, by=by)


REMOVAL_REASONS = {
    "typing_error": _("It was typed wrongly"),
    "other_person": _("It belongs to somebody else"),
    "replaced": _("The document was replaced"),
}


def check_number(number: Number, *, born: PartialDate | None = None) -> tuple[numbers.IdentifierCheck, str]:
    """The normalised number and the code of its country; Invalid with system, country, value or expires_on.

    `born`: the holder's date of birth where it is known and no estimate.
    """
    if number.system not in numbers.SYSTEMS:
        raise Invalid({"system": [wording.identifier_error("unknown_system", number.system)]})
    checked = numbers.check(number.system, number.value)
    if checked.errors:
        texts = [wording.identifier_error(code, number.system) for code in checked.errors]
        raise Invalid({"value": texts})
    country = numbers.COUNTRY_OF.get(number.system, number.country)
    if not country:
        raise Invalid({"country": [_("Choose the country that issued the document.")]})
    if country not in ISO_CODES:
        raise Invalid({"country": [wording.NO_SUCH_COUNTRY]})
    if number.expires_on is not None:
        _check_expiry(number.system, number.expires_on, born)
    return checked, country


def _check_expiry(system: str, expires_on: date, born: PartialDate | None) -> None:
    """Raise Invalid where a number can't end on that day. A document that is over may be recorded all the same."""
    if system in numbers.COUNTRY_OF:
        raise Invalid({"expires_on": [_("A national number doesn’t expire. Leave the date empty.")]})
    if not EARLIEST_EXPIRY <= expires_on.year <= zones.today().year + LONGEST_VALID:
        raise Invalid({"expires_on": [_("No document is valid until that day. Check the year.")]})
    if born is not None and expires_on < born.first:
        raise Invalid({"expires_on": [wording.BEFORE_BIRTH]})


def check_all(
    given: Iterable[Number], *, born: PartialDate | None = None
) -> list[tuple[numbers.IdentifierCheck, Number]]:
    """Every number checked as by `check_number`; Invalid with a field `identifiers.N` for each wrong one, N from 0.

    One of each kind: who may send ten of a kind tries ten persons at once.
    """
    checked: list[tuple[numbers.IdentifierCheck, Number]] = []
    errors: dict[str, list[wording.Text]] = {}
    seen: set[str] = set()
    for index, number in enumerate(given):
        system = Number(*number).system
        if system in seen:
            errors[f"identifiers.{index}"] = [wording.ONE_OF_A_KIND]
            continue
        seen.add(system)
        try:
            result, country = check_number(Number(*number), born=born)
        except Invalid as error:
            errors[f"identifiers.{index}"] = [text for texts in error.fields.values() for text in texts]
            continue
        normal = Number(*number)._replace(country=country, value=result.value)
        checked.append((result, normal))
    if errors:
        raise Invalid(errors)
    return checked


def store(
    patient: Patient, number: Number, warnings: list[str], *, by: Actor, field: str = "value"
) -> Identifier:
    """Write one checked number; Invalid with `field` when another patient of the facility has it, even as of just now.

    Whether another facility's patient has it makes no difference: nobody learns it without a ground (`link_patient`).
    """
    try:
        with transaction.atomic():
            if index_key_changes() and _held_under_earlier_key(number, by):
                raise Invalid({field: [wording.IDENTIFIER_TAKEN]}, code="identifier_taken")
            return Identifier.objects.create(
                patient=patient,
                system=number.system,
                country=number.country,
                value=number.value,
                expires_on=number.expires_on,
                warnings=warnings,
                created_by_id=by.user_id,
                recorder_id=by.organisation_id,
            )
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name == "identifier_unique":
            raise Invalid({field: [wording.IDENTIFIER_TAKEN]}, code="identifier_taken") from error
        if name == "identifier_one_national_number":
            raise Invalid({field: [wording.SECOND_NATIONAL_NUMBER]}) from error
        raise


def _held_under_earlier_key(number: Number, by: Actor) -> bool:
    """Whether the facility has this number with a hash that the table's own rule can't compare."""
    hold(number.key)
    return Identifier.objects.filter(matching([number.key]), recorder_id=by.organisation_id).exists()


def give_temporary_number(patient: Patient, *, by: Actor) -> Identifier:
    """A number of the portal's own for a patient without any, to be said on the telephone."""
    letters = "".join(secrets.choice(numbers.TEMPORARY_ALPHABET) for _index in range(8))
    return store(patient, Number(numbers.TEMPORARY, by.country, f"TMP-{letters}"), [], by=by)


def refresh_warnings(patient: Patient) -> None:
    """Weigh the patient's numbers anew after the date of birth or the sex changed."""
    for identifier in patient.identifiers.all():
        checked = numbers.check(identifier.system, identifier.value)
        found = numbers.all_warnings(checked, patient.proven_birth, patient.sex)
        if found != identifier.warnings:
            identifier.warnings = found
            identifier.save(update_fields=["warnings"])
