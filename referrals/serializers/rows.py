"""A list of referrals as flat rows: one query, no model objects."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from core import languages
from core.actors import Actor
from core.api.answers import Answer, OneOf, Row
from core.api.jsonio import dumps, loads
from core.names import name_in
from core.partial import PartialDate, Precision
from facilities.access import organisation_refs
from facilities.codesystems import ICD10
from facilities.serializers.answers import Coding, DiagnosisCoding, OrganisationRef
from patients.serializers.person import PARTIAL
from referrals import access
from referrals.models import Priority, Referral
from referrals.models.choices import STATE_CHOICES
from referrals.serializers.answers import BASE, OWN_NUMBER, Head
from referrals.sight import Sight
from referrals.states import AuthorisationState

_STATES = {str(value): label for value, label in STATE_CHOICES}
_PRIORITIES = {str(value): label for value, label in Priority.choices}


class _Consent(NamedTuple):
    """What `access.sees_clinical` asks of a consent."""

    ended_at: datetime | None
    purpose: str
    recipient_country_id: str
    recipient_id: int | None
    kinds: list[str]
    valid_from: date
    valid_to: date


class Flat(NamedTuple):
    """One row of the list, in the order of `_columns`; what access rules ask of a referral, it answers too."""

    pk: UUID
    number: str | None
    version: int
    state: str
    state_since: datetime
    priority: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    sent_at: datetime | None
    host_reply_due_at: datetime | None
    needed_by: date | None
    over_at: datetime | None
    directing_country_id: str
    directing_facility_id: int
    host_country_id: str | None
    host_facility_id: int | None
    deciding_country: str
    deciding_body_id: int | None
    emergency_ground: str
    consent_id: int | None
    consent_withdrawn_at: datetime | None
    consent_taken_back_at: datetime | None
    consent_purpose: str
    consent_country_id: str
    consent_recipient_id: int | None
    consent_kinds: list[str]
    consent_from: date
    consent_to: date
    authorisation_state: str | None
    decision_due_at: datetime | None
    patient_id: UUID
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date | None
    birth_precision: Precision
    sex: str
    specialty_system: str | None
    specialty_code: str | None
    specialty_name: str | None
    diagnosis_system: str
    diagnosis_version: str
    diagnosis_code: str | None
    diagnosis_title: str | None
    record_number: str | None

    @property
    def consent(self) -> _Consent | None:
        if self.consent_id is None:
            return None
        ended = self.consent_withdrawn_at or self.consent_taken_back_at
        return _Consent(
            ended,
            self.consent_purpose,
            self.consent_country_id,
            self.consent_recipient_id,
            self.consent_kinds,
            self.consent_from,
            self.consent_to,
        )

    @property
    def is_emergency(self) -> bool:
        return self.priority == Priority.STAT

    @property
    def opened_to(self) -> None:
        """An emergency access opens a case, never a list."""
        return None


def _columns(code: str, actor: Actor) -> tuple[Any, ...]:
    return (
        "pk",
        "number",
        "version",
        "state",
        "state_since",
        "priority",
        "created_at",
        "updated_at",
        "submitted_at",
        "sent_at",
        "host_reply_due_at",
        "needed_by",
        "over_at",
        "directing_country_id",
        "directing_facility_id",
        "host_country_id",
        "host_facility_id",
        "deciding_country",
        "deciding_body_id",
        "emergency_ground",
        "consent_id",
        "consent__withdrawn_at",
        "consent__superseded_by__withdrawn_at",
        "consent__purpose",
        "consent__recipient_country_id",
        "consent__recipient_id",
        "consent__kinds",
        "consent__valid_from",
        "consent__valid_to",
        "authorisation__state",
        "authorisation__due_at",
        "patient_id",
        "patient__family_name",
        "patient__given_name",
        "patient__patronymic",
        "patient__birth_date",
        "patient__birth_precision",
        "patient__sex",
        "specialty__system",
        "specialty__code",
        name_in("specialty__names", code),
        "diagnosis_system",
        "diagnosis_version",
        "diagnosis_id",
        name_in("diagnosis__titles", code),
        Subquery(access.record_numbers(actor).filter(referral_id=OuterRef("pk")).values("value")),
    )


def columns_of(referrals: QuerySet[Referral], code: str, actor: Actor) -> QuerySet[Referral, Any]:
    """The columns of the list, with names in the language `code` and the reader's own numbers."""
    return referrals.values_list(*_columns(code, actor))


def flat(rows: Iterable[tuple[Any, ...]]) -> list[Flat]:
    """What `columns_of` gave."""
    return [Flat._make(row) for row in rows]


def names_in() -> str:
    """The language of a list's names."""
    return languages.active()


class PatientName(Answer):
    """Whom a referral in a list is about."""

    id: UUID
    family_name: str
    given_name: str
    patronymic: str
    birth_date: Annotated[str | None, PARTIAL]
    sex: str

    @classmethod
    def of(cls, row: Flat) -> Self:
        born = str(PartialDate(row.birth_date, row.birth_precision)) if row.birth_date else None
        # By position here and below: half as long as by name, and there are many.
        return cls(row.patient_id, row.family_name, row.given_name, row.patronymic, born, row.sex)


class ReferralRow(Head, Row):
    """A referral in a list. Without `clinical_content` the reader isn't told whom and what it is about."""

    decision_due_at: datetime | None
    over_at: datetime | None
    directing_facility: OrganisationRef
    host_facility: OrganisationRef | None
    authorisation: Annotated[str, OneOf(AuthorisationState)] | None
    clinical_content: bool
    patient: PatientName | None
    specialty: Coding | None
    diagnosis: DiagnosisCoding | None
    needed_by: date | None
    record_number: Annotated[str, OWN_NUMBER]
    self: str


#: The fields that say whom and what a referral is about.
OF_THE_PATIENT = frozenset({"patient", "specialty", "diagnosis", "needed_by"})


def answers(rows: list[Flat], actor: Actor) -> list[ReferralRow]:
    """The rows, each with what the actor may read of it (one query)."""
    keys = {pk for row in rows for pk in (row.directing_facility_id, row.host_facility_id) if pk is not None}
    organisations = {pk: OrganisationRef(**ref) for pk, ref in organisation_refs(keys).items()}
    states = {state: str(_STATES[state]) for state in {row.state for row in rows}}
    priorities = {priority: str(_PRIORITIES[priority]) for priority in {row.priority for row in rows}}
    # As `str` of each would write them, in a tenth of the time.
    texts = loads(dumps([row.pk for row in rows]))
    found, sight = [], Sight(actor)
    for row, key in zip(rows, texts, strict=True):
        # A flat row answers what a referral answers.
        clinical = sight.clinical(row)
        found.append(
            ReferralRow(
                id=row.pk,
                number=row.number,
                version=row.version,
                state=row.state,
                state_display=states[row.state],
                state_since=row.state_since,
                priority=row.priority,
                priority_display=priorities[row.priority],
                created_at=row.created_at,
                updated_at=row.updated_at,
                submitted_at=row.submitted_at,
                sent_at=row.sent_at,
                reply_due_at=row.host_reply_due_at,
                decision_due_at=row.decision_due_at,
                over_at=row.over_at,
                directing_facility=organisations[row.directing_facility_id],
                host_facility=organisations.get(row.host_facility_id or 0),
                authorisation=row.authorisation_state,
                clinical_content=clinical,
                patient=PatientName.of(row) if clinical else None,
                specialty=_specialty(row) if clinical else None,
                diagnosis=_diagnosis(row) if clinical else None,
                needed_by=row.needed_by if clinical else None,
                record_number=row.record_number or "",
                self=f"{BASE}{key}/",
            )
        )
    return found


def _specialty(row: Flat) -> Coding | None:
    if row.specialty_code is None:
        return None
    return Coding(row.specialty_system or "", row.specialty_code, row.specialty_name or "")


def _diagnosis(row: Flat) -> DiagnosisCoding | None:
    if row.diagnosis_code is None:
        return None
    return DiagnosisCoding(
        row.diagnosis_system or ICD10.uri,
        row.diagnosis_version,
        row.diagnosis_code,
        row.diagnosis_title or "",
    )
