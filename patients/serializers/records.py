"""A patient's numbers, coverages and consents: what may be sent, and what is answered."""

from datetime import date, datetime
from typing import Annotated, Self

from rest_framework import serializers

from core.api.answers import Answer, OneOf
from core.api.fields import Choice, Day, ListQuery, Raw, StrictSerializer
from disclosure.models import DataKind, Disclosure
from facilities.serializers.answers import OrganisationRef
from facilities.serializers.inputs import COUNTRY_CODES, AnyCountry
from patients import wording
from patients.identifiers import ALL, SYSTEMS
from patients.models import Consent, Coverage, Identifier, Registration

GIVEN_SYSTEMS = [system.code for system in ALL if not system.given_by_portal]


# --- What may be sent -----------------------------------------------------------------------------------------------


class IdentifierInput(StrictSerializer):
    """A number of a document, issued by any country. National numbers say their country by their system."""

    system = Choice(choices=GIVEN_SYSTEMS)
    country = AnyCountry(required=False, allow_null=True)
    value = Raw(max_length=60)
    expires_on = Day(
        required=False, allow_null=True, help_text="The last day on which the document is valid."
    )


class RemoveIdentifierInput(StrictSerializer):
    reason = Choice(choices=["typing_error", "other_person", "replaced"])


class CoverageInput(StrictSerializer):
    """Who pays. `fund` is the code of a fund, needed for state and insurance; its country is the coverage's.

    `country` is needed where no fund says it: a private insurance.
    """

    kind = Choice(choices=Coverage.Kind.choices)
    fund = Raw(max_length=20, required=False, allow_null=True)
    country = Choice(choices=COUNTRY_CODES, required=False, allow_null=True)
    number = Raw(max_length=100, required=False, allow_null=True)
    valid_from = Day()
    valid_to = Day(required=False, allow_null=True)
    checked_on = Day(required=False, allow_null=True)
    source = Choice(choices=Coverage.Source.choices)  # type: ignore[assignment]


class CoverageCorrection(CoverageInput):
    """What changes; what is left out stays. `valid_to` ends the coverage with that day."""

    kind = Choice(choices=Coverage.Kind.choices, required=False)
    valid_from = Day(required=False)
    source = Choice(choices=Coverage.Source.choices, required=False)


class ConsentInput(StrictSerializer):
    """What the patient consented to. `given_by` may be left out when the patient spoke for themselves."""

    purpose = Choice(choices=Consent.Purpose.choices)
    recipient_country = Choice(choices=COUNTRY_CODES)
    recipient = Raw(
        max_length=20,
        required=False,
        help_text="Code of the one hospital there that may have the data; left out, any.",
    )
    kinds = serializers.ListField(
        child=Choice(choices=DataKind.choices),
        required=False,
        min_length=1,
        max_length=len(DataKind.values),
        help_text="Kinds of data that may go there; left out, all.",
    )
    valid_from = Day()
    valid_to = Day()
    how = Choice(choices=Consent.How.choices)
    given_by = Raw(max_length=400, required=False)


class WithdrawalStatement(StrictSerializer):
    """How the patient said it, and who did. `given_by` may be left out when the patient spoke for themselves."""

    how = Choice(choices=Consent.How.choices)
    given_by = Raw(max_length=400, required=False)


class OfPatientQuery(ListQuery):
    """A page of what is recorded of one patient, the latest first."""


# --- What is answered -----------------------------------------------------------------------------------------------


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
    expires_on: date | None
    warnings: list[Warning]

    @classmethod
    def of(cls, row: Identifier) -> Self:
        """A number with what is doubtful about it, in codes and in words."""
        warnings = [Warning.of(code) for code in row.warnings]
        return cls.filled(row, id=row.pk, warnings=warnings)


class CoverageRow(Answer):
    """Who pays in a country; null for the patient's own purse."""

    id: int
    country: str | None
    kind: Annotated[str, OneOf(Coverage.Kind)]
    fund: OrganisationRef | None
    number: str
    valid_from: date
    valid_to: date | None
    checked_on: date
    source: Annotated[str, OneOf(Coverage.Source)]
    recorded_at: datetime
    beside: Annotated[
        int | None, "The other hospital’s coverage that the patient states otherwise by this one."
    ]

    @classmethod
    def of(cls, row: Coverage) -> Self:
        fund = OrganisationRef.of(row.fund) if row.fund else None
        return cls.filled(row, id=row.pk, country=row.country_id, fund=fund, beside=row.beside_id)


class ConsentRow(Answer):
    """The patient's permission to pass data to one country for one purpose during one period."""

    id: int
    version: int
    purpose: Annotated[str, OneOf(Consent.Purpose)]
    recipient_country: str
    recipient: Annotated[
        OrganisationRef | None, "The one hospital that may have the data; null for any there."
    ]
    kinds: Annotated[list[str], "Kinds of data that it covers."]
    valid_from: date
    valid_to: date
    how: Annotated[str, OneOf(Consent.How)]
    given_by: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str
    ended_at: Annotated[datetime | None, "When it was taken back, here or at another hospital."]
    supersedes: Annotated[int | None, "The other hospital’s consent that the patient took back by this one."]

    @classmethod
    def of(cls, row: Consent) -> Self:
        return cls.filled(
            row,
            id=row.pk,
            version=consent_version(row),
            recipient_country=row.recipient_country_id,
            recipient=OrganisationRef.of(row.recipient.organisation) if row.recipient else None,
            recorded_by=row.recorded_by_label,
            withdrawn_by=row.withdrawn_by_label,
            supersedes=row.supersedes_id,
        )


class LinkRow(Answer):
    """A consent by which a facility reads what another one recorded of the patient."""

    id: int
    facility: OrganisationRef
    covers: list[str]
    how: str
    given_by: str
    since: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str

    @classmethod
    def of(cls, row: Registration) -> Self:
        return cls.filled(
            row,
            id=row.pk,
            facility=OrganisationRef.of(row.facility.organisation),
            since=row.registered_at,
            withdrawn_by=row.withdrawn_by_label,
        )


class DisclosureRow(Answer):
    """That something of the patient was shown to somebody."""

    at: datetime
    by: str
    country: str
    what: str
    clinical: bool

    @classmethod
    def of(cls, row: Disclosure) -> Self:
        return cls.filled(row, by=row.actor_label)


def consent_version(row: Consent) -> int:
    """1, and 2 once it was withdrawn: nothing else of a consent ever changes."""
    return 1 if row.withdrawn_at is None else 2
