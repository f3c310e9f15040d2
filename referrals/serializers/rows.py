"""A list of referrals as flat rows: one query, no model objects."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from core.actors import Actor
from core.names import Names, in_active_language
from facilities.access import organisation_refs
from facilities.codesystems import ICD10
from referrals import access
from referrals.models import Priority, Referral
from referrals.models.referral import STATE_CHOICES

_STATES = {str(value): label for value, label in STATE_CHOICES}
_PRIORITIES = {str(value): label for value, label in Priority.choices}


class _Consent(NamedTuple):
    """What `access.sees_clinical` asks of a consent."""

    withdrawn_at: datetime | None
    recipient_country_id: str
    valid_from: date
    valid_to: date

    def is_valid_on(self, day: date) -> bool:
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_to


class Flat(NamedTuple):
    """One row of the list, in the order of `_COLUMNS`; what access rules ask of a referral, it answers too."""

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
    emergency_ground: str
    consent_id: int | None
    consent_withdrawn_at: datetime | None
    consent_country_id: str
    consent_from: date
    consent_to: date
    authorisation_state: str | None
    decision_due_at: datetime | None
    patient_id: UUID
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date | None
    sex: str
    specialty_system: str | None
    specialty_code: str | None
    specialty_names: Names | None
    diagnosis_system: str
    diagnosis_version: str
    diagnosis_code: str | None
    diagnosis_titles: Names | None

    @property
    def consent(self) -> _Consent | None:
        if self.consent_id is None:
            return None
        return _Consent(
            self.consent_withdrawn_at, self.consent_country_id, self.consent_from, self.consent_to
        )

    @property
    def is_emergency(self) -> bool:
        return self.priority == Priority.STAT


_COLUMNS = (
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
    "emergency_ground",
    "consent_id",
    "consent__withdrawn_at",
    "consent__recipient_country_id",
    "consent__valid_from",
    "consent__valid_to",
    "authorisation__state",
    "authorisation__due_at",
    "patient_id",
    "patient__family_name",
    "patient__given_name",
    "patient__patronymic",
    "patient__birth_date",
    "patient__sex",
    "specialty__system",
    "specialty__code",
    "specialty__names",
    "diagnosis_system",
    "diagnosis_version",
    "diagnosis_id",
    "diagnosis__titles",
)


def columns_of(referrals: QuerySet[Referral]) -> QuerySet[Referral, Any]:
    """The columns of the list, with names in every language."""
    return referrals.values_list(*_COLUMNS)


def flat(rows: Iterable[tuple[Any, ...]]) -> list[Flat]:
    """What `columns_of` gave."""
    return [Flat._make(row) for row in rows]


def as_json(
    rows: list[Flat], actor: Actor, fields: frozenset[str] | None, base: str
) -> Iterator[dict[str, Any]]:
    """The rows as objects, each with what the actor may read of it (one query)."""
    organisations = organisation_refs(
        {pk for row in rows for pk in (row.directing_facility_id, row.host_facility_id) if pk is not None}
    )
    states = {state: str(_STATES[state]) for state in {row.state for row in rows}}
    priorities = {priority: str(_PRIORITIES[priority]) for priority in {row.priority for row in rows}}
    for row in rows:
        # A flat row answers what a referral answers.
        clinical = access.sees_clinical(actor, row)  # type: ignore[arg-type]
        item = {
            "id": row.pk,
            "number": row.number,
            "version": row.version,
            "state": row.state,
            "state_display": states[row.state],
            "state_since": row.state_since,
            "priority": row.priority,
            "priority_display": priorities[row.priority],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "submitted_at": row.submitted_at,
            "sent_at": row.sent_at,
            "reply_due_at": row.host_reply_due_at,
            "decision_due_at": row.decision_due_at,
            "over_at": row.over_at,
            "directing_facility": organisations[row.directing_facility_id],
            "host_facility": organisations.get(row.host_facility_id or 0),
            "authorisation": row.authorisation_state,
            "clinical_content": clinical,
            "patient": _patient(row) if clinical else None,
            "specialty": _specialty(row) if clinical else None,
            "diagnosis": _diagnosis(row) if clinical else None,
            "needed_by": row.needed_by if clinical else None,
            "self": f"{base}{row.pk}/",
        }
        yield item if fields is None else {name: item[name] for name in item if name in fields}


def _patient(row: Flat) -> dict[str, Any]:
    return {
        "id": row.patient_id,
        "family_name": row.family_name,
        "given_name": row.given_name,
        "patronymic": row.patronymic,
        "birth_date": row.birth_date,
        "sex": row.sex,
    }


def _specialty(row: Flat) -> dict[str, Any] | None:
    if row.specialty_code is None:
        return None
    return {
        "system": row.specialty_system,
        "code": row.specialty_code,
        "display": in_active_language(row.specialty_names or {}),
    }


def _diagnosis(row: Flat) -> dict[str, Any] | None:
    if row.diagnosis_code is None:
        return None
    return {
        "system": row.diagnosis_system or ICD10.uri,
        "version": row.diagnosis_version,
        "code": row.diagnosis_code,
        "display": in_active_language(row.diagnosis_titles or {}),
    }
