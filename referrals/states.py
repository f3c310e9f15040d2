"""The two state machines, as tables that read as the specification (docs/state-machines.md is made from them).

Pure: no Django here. Who a `Party` is for a given actor and referral is answered by `referrals.access`.
"""

from dataclasses import dataclass
from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCREENING = "screening"
    IN_REVIEW = "in_review"
    INFO_REQUESTED = "info_requested"
    SENT = "sent"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SCHEDULED = "scheduled"
    IN_CARE = "in_care"
    DISCHARGED = "discharged"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DECEASED = "deceased"
    ENTERED_IN_ERROR = "entered_in_error"


class AuthorisationState(StrEnum):
    """Where the ministry's authorisation of a referral is."""

    NOT_REQUIRED = "not_required"
    PENDING = "pending"
    IN_REVIEW = "in_review"
    CLOCK_STOPPED = "clock_stopped"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    EXTENDED = "extended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    APPEALED = "appealed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"


class Party(StrEnum):
    """Who may take a step, in relation to one referral."""

    SYSTEM = "system"
    DIRECTING_CLINICIAN = "directing_clinician"
    DIRECTING_COORDINATOR = "directing_coordinator"
    DIRECTING_OFFICER = "directing_officer"
    HOST_DESK = "host_desk"


class ReferralEvent(StrEnum):
    """What can happen to a referral."""

    SUBMIT = "submit"
    SEND_AT_ONCE = "send_at_once"
    BEGIN_SCREENING = "begin_screening"
    FINISH_SCREENING = "finish_screening"
    REQUEST_INFORMATION = "request_information"
    ANSWER = "answer"
    SEND = "send"
    REFUSE = "refuse"
    REOPEN = "reopen"
    ACCEPT = "accept"
    DECLINE = "decline"
    RE_ROUTE = "re_route"
    SCHEDULE = "schedule"
    RESCHEDULE = "reschedule"
    ADMIT = "admit"
    DISCHARGE = "discharge"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    RECORD_DEATH = "record_death"
    ENTER_IN_ERROR = "enter_in_error"


class AuthorisationEvent(StrEnum):
    """What can happen to an authorisation."""

    OPEN_REVIEW = "open_review"
    STOP_CLOCK = "stop_clock"
    RESTART_CLOCK = "restart_clock"
    GRANT = "grant"
    PARTLY_GRANT = "partly_grant"
    REFUSE = "refuse"
    EXTEND = "extend"
    REVOKE = "revoke"
    EXPIRE = "expire"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    REVIEW_EMERGENCY = "review_emergency"


@dataclass(frozen=True, slots=True)
class Transition:
    """`event` leads from any of `sources` to `target` and may be caused by any of `parties`."""

    event: StrEnum
    sources: frozenset[StrEnum]
    target: StrEnum
    parties: frozenset[Party]


S, E, P = ReferralState, ReferralEvent, Party
A, AE = AuthorisationState, AuthorisationEvent

#: States in which a referral is on its way: filed and not over. One per patient and care.
ACTIVE_STATES = frozenset(
    {
        S.SUBMITTED,
        S.SCREENING,
        S.IN_REVIEW,
        S.INFO_REQUESTED,
        S.SENT,
        S.ACCEPTED,
        S.DECLINED,
        S.SCHEDULED,
        S.IN_CARE,
        S.DISCHARGED,
    }
)
#: States in which the directing side alone has written: no check, question, offered date or summary can exist yet.
UNTOUCHED_STATES = frozenset({S.DRAFT, S.SUBMITTED})
#: States from which nothing goes on by itself.
OVER_STATES = frozenset({S.REFUSED, S.CLOSED, S.WITHDRAWN, S.CANCELLED, S.DECEASED, S.ENTERED_IN_ERROR})
BEFORE_CARE = ACTIVE_STATES - {S.IN_CARE, S.DISCHARGED}

_CLINICIAN = {P.DIRECTING_CLINICIAN}
_DESK = {P.HOST_DESK}
_SYSTEM = {P.SYSTEM}
_OFFICER = {P.DIRECTING_OFFICER}
_MINISTRY = {P.DIRECTING_OFFICER, P.DIRECTING_COORDINATOR}


def _row(event: StrEnum, sources: object, target: StrEnum, parties: set[Party]) -> Transition:
    states = frozenset(sources) if isinstance(sources, (set, frozenset)) else frozenset({sources})
    return Transition(event=event, sources=states, target=target, parties=frozenset(parties))  # type: ignore[arg-type]


REFERRAL_TRANSITIONS: tuple[Transition, ...] = (
    _row(E.SUBMIT, S.DRAFT, S.SUBMITTED, _CLINICIAN),
    # An emergency waits for nobody: the referral reaches the host with its filing, the check and the ministry follow.
    _row(E.SEND_AT_ONCE, S.SUBMITTED, S.SENT, _SYSTEM),
    _row(E.BEGIN_SCREENING, S.SUBMITTED, S.SCREENING, _SYSTEM),
    _row(E.FINISH_SCREENING, S.SCREENING, S.IN_REVIEW, _SYSTEM),
    _row(E.REQUEST_INFORMATION, {S.SCREENING, S.IN_REVIEW}, S.INFO_REQUESTED, _MINISTRY),
    _row(E.ANSWER, S.INFO_REQUESTED, S.SCREENING, _CLINICIAN),
    _row(E.SEND, S.IN_REVIEW, S.SENT, _MINISTRY),
    _row(E.REFUSE, S.IN_REVIEW, S.REFUSED, _OFFICER),
    _row(E.REOPEN, S.REFUSED, S.IN_REVIEW, _OFFICER),
    _row(E.ACCEPT, S.SENT, S.ACCEPTED, _DESK),
    _row(E.DECLINE, S.SENT, S.DECLINED, _DESK),
    _row(E.RE_ROUTE, S.DECLINED, S.SENT, _MINISTRY),
    _row(E.SCHEDULE, S.ACCEPTED, S.SCHEDULED, _DESK),
    _row(E.RESCHEDULE, S.SCHEDULED, S.SCHEDULED, _DESK),
    # An emergency may arrive before anybody wrote an appointment down.
    _row(E.ADMIT, {S.ACCEPTED, S.SCHEDULED}, S.IN_CARE, _DESK),
    _row(E.DISCHARGE, S.IN_CARE, S.DISCHARGED, _DESK),
    _row(E.CLOSE, S.DISCHARGED, S.CLOSED, _CLINICIAN),
    _row(E.WITHDRAW, BEFORE_CARE, S.WITHDRAWN, _CLINICIAN),
    _row(E.CANCEL, BEFORE_CARE, S.CANCELLED, _MINISTRY),
    _row(E.RECORD_DEATH, ACTIVE_STATES, S.DECEASED, _CLINICIAN | _DESK),
    _row(E.ENTER_IN_ERROR, frozenset(S) - {S.ENTERED_IN_ERROR}, S.ENTERED_IN_ERROR, _CLINICIAN),
)

_IN_FORCE = {A.GRANTED, A.PARTLY_GRANTED, A.EXTENDED}
_DECIDABLE = {A.IN_REVIEW, A.OVERTURNED}

AUTHORISATION_TRANSITIONS: tuple[Transition, ...] = (
    _row(AE.OPEN_REVIEW, A.PENDING, A.IN_REVIEW, _SYSTEM),
    _row(AE.STOP_CLOCK, {A.PENDING, A.IN_REVIEW, A.OVERTURNED}, A.CLOCK_STOPPED, _MINISTRY),
    _row(AE.RESTART_CLOCK, A.CLOCK_STOPPED, A.IN_REVIEW, _CLINICIAN),
    _row(AE.GRANT, _DECIDABLE, A.GRANTED, _OFFICER),
    _row(AE.PARTLY_GRANT, _DECIDABLE, A.PARTLY_GRANTED, _OFFICER),
    _row(AE.REFUSE, _DECIDABLE, A.REFUSED, _OFFICER),
    _row(AE.EXTEND, _IN_FORCE, A.EXTENDED, _OFFICER),
    _row(AE.REVOKE, _IN_FORCE, A.REVOKED, _OFFICER),
    _row(AE.EXPIRE, _IN_FORCE, A.EXPIRED, _SYSTEM),
    _row(AE.APPEAL, A.REFUSED, A.APPEALED, _CLINICIAN),
    _row(AE.UPHOLD, A.APPEALED, A.UPHELD, _OFFICER),
    _row(AE.OVERTURN, A.APPEALED, A.OVERTURNED, _OFFICER),
    # The ministry's look at an emergency afterwards changes nothing of the care that was given.
    _row(AE.REVIEW_EMERGENCY, A.NOT_REQUIRED, A.NOT_REQUIRED, _OFFICER),
)

REFERRAL_TABLE: dict[StrEnum, Transition] = {row.event: row for row in REFERRAL_TRANSITIONS}
AUTHORISATION_TABLE: dict[StrEnum, Transition] = {row.event: row for row in AUTHORISATION_TRANSITIONS}


def events_from(table: dict[StrEnum, Transition], state: str, parties: frozenset[Party]) -> list[str]:
    """The events that any of these parties may cause in this state, in the table's order."""
    return [row.event.value for row in table.values() if state in row.sources and row.parties & parties]
