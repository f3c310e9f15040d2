"""What is answered about a referral: its head, and the parts of its case that nothing clinical stands in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from core.api.answers import Answer, OneOf
from referrals.models import (
    Appointment,
    Authorisation,
    DecisionReason,
    Machine,
    Priority,
    StatusChange,
)
from referrals.states import BY_TELEPHONE, AuthorisationState, ReferralState

BASE = "/api/v1/referrals/"
OWN_NUMBER = "Your own organisation’s number of the referral; empty where it gave none."
_REASONS = dict(DecisionReason.choices)


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
    care: str
    valid_from: date | None
    valid_until: date | None
    ceiling: Money | None
    appeal_due_at: datetime | None
    appeal_text: str

    @classmethod
    def of(cls, row: Authorisation, *, clinical: bool) -> Self:
        """What was decided and why is for readers of clinical content, as on the page; others read state and time."""
        return cls.filled(
            row,
            state=str(row.state),
            state_display=row.get_state_display(),
            decided_by=row.decided_by_label,
            reason=ReasonCode.of(row.reason_code) if clinical else None,
            reason_text=row.reason_text if clinical else "",
            care=row.care_text if clinical else "",
            valid_from=row.valid_from if clinical else None,
            valid_until=row.valid_until if clinical else None,
            ceiling=Money.of(row.ceiling_amount, row.ceiling_currency) if clinical else None,
            appeal_due_at=row.appeal_due_at if clinical else None,
            appeal_text=row.appeal_text if clinical else "",
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
