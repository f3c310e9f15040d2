"""What is answered about a referral: its head, and the parts of its case that nothing clinical stands in."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

from core.api.answers import Answer, OneOf
from disclosure.policy import EVERYTHING
from facilities.serializers.answers import OrganisationRef
from referrals.models import (
    Appointment,
    Authorisation,
    AuthorisationStage,
    DecisionReason,
    EmergencyAccess,
    FormerHost,
    Machine,
    Priority,
    StatusChange,
)
from referrals.outline import shown
from referrals.states import BY_TELEPHONE, AuthorisationState, ReferralState, StageState

BASE = "/api/v1/referrals/"
Part = TypeVar("Part", bound=Answer)
OWN_NUMBER = "Your own organisation’s number of the referral; empty where it gave none."
_REASONS = dict(DecisionReason.choices)


def only_shown(prefix: str, kinds: frozenset[str], part: Part, keep: Collection[str] = ()) -> Part:
    """The part with every field left empty that its reader may not know: null, "" or an empty list, by its type.

    `prefix` is the part's place in the case; `keep` are fields that this reader may know besides.
    """
    if kinds >= EVERYTHING:
        return part
    hidden = {
        name: _nothing(getattr(part, name))
        for name in part.names()
        if name not in keep and not shown(prefix + name, kinds)
    }
    for name, value in hidden.items():
        setattr(part, name, value)
    return part


def _nothing(value: Any) -> Any:
    return "" if isinstance(value, str) else [] if isinstance(value, list) else None


class Head(Answer):
    """What a referral in a list and its case have in common."""

    id: UUID
    number: str | None
    version: int
    state: Annotated[str, OneOf(ReferralState)]
    state_display: str
    state_since: datetime
    priority: Annotated[str, OneOf(Priority)]
    priority_display: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    sent_at: datetime | None
    reply_due_at: datetime | None


class Money(Answer):
    """An amount and its currency (ISO 4217)."""

    amount: Annotated[str, "A text, since a JSON number would be rounded by some."]
    currency: str

    @classmethod
    def of(cls, amount: Decimal | None, currency: str) -> Self | None:
        """None where no amount is given."""
        return None if amount is None else cls(amount=str(amount), currency=currency)


class ReasonCode(Answer):
    """Why something was decided, as a code and in words."""

    code: str
    display: str

    @classmethod
    def of(cls, code: str) -> Self | None:
        """None for no code."""
        return cls(code=code, display=str(_REASONS[code])) if code else None


class AuthorisationPart(Answer):
    """The directing ministry's authorisation."""

    state: Annotated[str, OneOf(AuthorisationState)]
    state_display: str
    due_at: datetime | None
    stopped_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: ReasonCode | None
    reason_text: str
    by_silence: Annotated[bool, "Whether the time of the last body passed, which grants under the agreement."]
    care: str
    valid_from: date | None
    valid_until: date | None
    ceiling: Money | None
    appeal_due_at: datetime | None
    appeal_text: str

    @classmethod
    def of(cls, row: Authorisation, kinds: frozenset[str]) -> Self:
        """What was decided and why is for readers of clinical content, as on the page; others read state and time."""
        return only_shown(
            "authorisation.",
            kinds,
            cls.filled(
                row,
                state=str(row.state),
                state_display=row.get_state_display(),
                decided_by=row.decided_by_label,
                reason=ReasonCode.of(row.reason_code),
                care=row.care_text,
                ceiling=Money.of(row.ceiling_amount, row.ceiling_currency),
            ),
        )


class StagePart(Answer):
    """One body of the chain that approves, and how far it is."""

    position: int
    name: str
    country: str
    body: Annotated[str | None, "The code of the body; null for any officer of the ministry of the country."]
    state: Annotated[str, OneOf(StageState)]
    state_display: str
    since: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    silent: Annotated[bool, "Whether its time passed without a decision, which grants there."]
    reason: ReasonCode | None
    reason_text: str

    @classmethod
    def of(cls, row: AuthorisationStage, *, clinical: bool) -> Self:
        """Who reads no clinical content reads which body has it, and no reason."""
        told = clinical and not row.silent
        return cls.filled(
            row,
            country=row.country_id,
            body=row.organisation.code if row.organisation else None,
            state=str(row.state),
            state_display=row.get_state_display(),
            decided_by=row.decided_by_label,
            reason=ReasonCode.of(row.reason_code) if told else None,
            reason_text=row.reason_text if told else "",
        )


class AppointmentPart(Answer):
    """The date that the host offers or has confirmed."""

    starts_at: datetime
    ends_at: datetime
    place: str
    note: str
    confirmed: bool
    offered_at: datetime
    offered_by: str

    @classmethod
    def of(cls, row: Appointment) -> Self:
        return cls.filled(
            row, starts_at=row.period.lower, ends_at=row.period.upper, offered_by=row.offered_by_label
        )


class EmergencyAccessRow(Answer):
    """That a person of the treating hospital opened a referral in an emergency, and what the review found."""

    id: int
    opened_at: datetime
    opened_by: str
    until: datetime
    reason: str
    review_due_at: datetime
    reviewed_at: datetime | None
    reviewed_by: str
    verdict: Annotated[str, OneOf((*EmergencyAccess.Verdict, ""))]
    review_text: str

    @classmethod
    def of(cls, row: EmergencyAccess, *, said: bool) -> Self:
        """`said`: with the words of the reason and the review, which may speak of the patient."""
        return cls.filled(
            row,
            id=row.pk,
            opened_by=row.opened_by_label,
            reason=row.reason if said else "",
            reviewed_by=row.reviewed_by_label,
            review_text=row.review_text if said else "",
        )


class FormerRow(Answer):
    """That a hospital had a referral before it went elsewhere."""

    id: Annotated[UUID, "Of the referral."]
    number: str
    directing_facility: OrganisationRef
    sent_at: datetime
    until: datetime
    state: Annotated[str, OneOf(ReferralState), "The last that it had with this hospital."]
    self: str

    @classmethod
    def of(cls, row: FormerHost) -> Self:
        return cls.filled(
            row,
            id=row.referral_id,
            directing_facility=OrganisationRef.of(row.directing_facility.organisation),
            state=str(row.last_state),
            self=f"{BASE}{row.referral_id}/",
        )


class CallPart(Answer):
    """A call with the host hospital, as a coordinator recorded it."""

    spoke_with: str
    phone: str
    spoken_at: datetime
    said: str

    @classmethod
    def of(cls, row: StatusChange, *, clinical: bool) -> Self | None:
        if row.event not in BY_TELEPHONE:
            return None
        call = row.telephone_answer
        return cls.filled(call, said=call.said if clinical else "")


class HistoryRow(Answer):
    """One change of state."""

    at: datetime
    machine: Annotated[str, OneOf(Machine)]
    event: str
    from_state: str
    to_state: str
    by: str
    organisation: str
    reason_code: str
    reason_text: str
    telephone: Annotated[CallPart | None, "Of an answer that came by telephone: the call."]

    @classmethod
    def of(cls, row: StatusChange, *, reasons: bool) -> Self:
        return cls.filled(
            row,
            by=row.by_label,
            organisation=row.by_organisation,
            reason_code=row.reason_code if reasons else "",
            reason_text=row.reason_text if reasons else "",
            telephone=CallPart.of(row, clinical=reasons),
        )
