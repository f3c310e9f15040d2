"""What is answered about patients."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from core import languages
from core.api.answers import Answer, OneOf
from facilities.serializers.answers import DistrictCoding, OrganisationRef
from patients import wording
from patients.identifiers import SYSTEMS
from patients.models import Consent, Coverage, Identifier, Patient

BASE = "/api/v1/patients/"


class Warning(Answer):
    """What is doubtful about a number."""

    code: str
    detail: str

    @classmethod
    def of(cls, code: str) -> Self:
        return cls(code=code, detail=str(wording.identifier_warning(code)))


class IdentifierRow(Answer):
    """A number of the patient."""

    id: int
    system: Annotated[str, OneOf(SYSTEMS)]
    country: str
    value: str
    warnings: list[Warning]

    @classmethod
    def of(cls, row: Identifier) -> Self:
        """A number with what is doubtful about it, in codes and in words."""
        warnings = [Warning.of(code) for code in row.warnings]
        return cls.filled(row, id=row.pk, country=row.country_id, warnings=warnings)


class CoverageRow(Answer):
    """Who pays at home."""

    id: int
    kind: Annotated[str, OneOf(Coverage.Kind)]
    fund: OrganisationRef | None
    number: str
    valid_from: date
    valid_to: date | None
    checked_on: date
    source: Annotated[str, OneOf(Coverage.Source)]
    recorded_at: datetime

    @classmethod
    def of(cls, row: Coverage) -> Self:
        return cls.filled(row, id=row.pk, fund=OrganisationRef.of(row.fund) if row.fund else None)


class ConsentRow(Answer):
    """The patient's permission to pass data to one country for one purpose during one period."""

    id: int
    version: int
    purpose: Annotated[str, OneOf(Consent.Purpose)]
    recipient_country: str
    valid_from: date
    valid_to: date
    how: Annotated[str, OneOf(Consent.How)]
    given_by: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str

    @classmethod
    def of(cls, row: Consent) -> Self:
        return cls.filled(
            row,
            id=row.pk,
            version=consent_version(row),
            recipient_country=row.recipient_country_id,
            recorded_by=row.recorded_by_label,
            withdrawn_by=row.withdrawn_by_label,
        )


def consent_version(row: Consent) -> int:
    """1, and 2 once it was withdrawn: nothing else of a consent ever changes."""
    return 1 if row.withdrawn_at is None else 2


class Person(Answer):
    """Who a patient is."""

    id: UUID
    version: int
    family_name: str
    given_name: str
    patronymic: str
    name_latin: str
    birth_date: date | None
    birth_date_estimated: bool
    sex: Annotated[str, OneOf(Patient.Sex)]
    citizenship: str | None
    residence_district: DistrictCoding | None
    is_unknown: bool
    is_synthetic: bool
    deceased_on: date | None
    identifiers: list[IdentifierRow]

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        """`identifiers` where they aren't prefetched with the patient; `more` is what a subclass adds."""
        district = patient.residence_district
        numbers = patient.identifiers.all() if identifiers is None else identifiers
        return cls.filled(
            patient,
            id=patient.pk,
            citizenship=patient.citizenship_id,
            residence_district=DistrictCoding.of(district) if district else None,
            identifiers=[IdentifierRow.of(row) for row in numbers],
            **more,
        )


class PatientRow(Person):
    """A patient in a list."""

    self: str

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        return super().of(patient, identifiers, self=f"{BASE}{patient.pk}/", **more)


class Candidate(PatientRow):
    """A patient that a new one may be, and why."""

    reason: str


class NextOfKin(Answer):
    """Whom to call."""

    name: str
    phone: str
    relation: str

    @classmethod
    def of(cls, patient: Patient) -> Self:
        return cls(
            name=patient.next_of_kin_name,
            phone=patient.next_of_kin_phone,
            relation=patient.next_of_kin_relation,
        )


class PatientDetail(PatientRow):
    """A patient's whole record at this facility."""

    address: str
    phone: str
    email: str
    preferred_language: Annotated[str, OneOf(languages.CODES)]
    description: str
    next_of_kin: NextOfKin
    coverages: list[CoverageRow]
    consents: list[ConsentRow]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, patient: Patient, identifiers: Iterable[Identifier] | None = None, **more: Any) -> Self:
        """The whole record of `access.get_whole`."""
        return super().of(
            patient,
            identifiers,
            next_of_kin=NextOfKin.of(patient),
            coverages=[CoverageRow.of(row) for row in patient.coverages.all()],
            consents=[ConsentRow.of(row) for row in patient.consents.all()],
            **more,
        )
