"""The words of the two state machines: their states, their events, the parties, and what may stand in the way.

Pure: no Django here. Which event leads from where to where is in `referrals.events`, one record each; who a `Party` is
for a given actor and referral is answered by `referrals.access`, whether a `Guard` holds by `referrals.guards`.
"""

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


class StageState(StrEnum):
    """Where one body's part of an authorisation is."""

    WAITING = "waiting"
    IN_REVIEW = "in_review"
    CLOCK_STOPPED = "clock_stopped"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    PASSED_OVER = "passed_over"


class Party(StrEnum):
    """Who may cause an event, in relation to one referral."""

    SYSTEM = "system"
    DIRECTING_CLINICIAN = "directing_clinician"
    DIRECTING_COORDINATOR = "directing_coordinator"
    DIRECTING_OFFICER = "directing_officer"
    HOST_DESK = "host_desk"
    #: Decides at the body with which the case is now, where that isn't the directing ministry.
    BODY = "body"


class ReferralEvent(StrEnum):
    """What can happen to a referral."""

    DISCARD = "discard"
    SUBMIT = "submit"
    SEND_AT_ONCE = "send_at_once"
    BEGIN_SCREENING = "begin_screening"
    FINISH_SCREENING = "finish_screening"
    REQUEST_INFORMATION = "request_information"
    ANSWER = "answer"
    ADD_EVIDENCE = "add_evidence"
    COMPLETE_FACTS = "complete_facts"
    RECORD_CONSILIUM = "record_consilium"
    RAISE_URGENCY = "raise_urgency"
    CHANGE_HOST = "change_host"
    TAKE_CONSENT = "take_consent"
    SEND = "send"
    REFUSE = "refuse"
    REOPEN = "reopen"
    ACCEPT = "accept"
    DECLINE = "decline"
    ACCEPT_BY_TELEPHONE = "accept_by_telephone"
    DECLINE_BY_TELEPHONE = "decline_by_telephone"
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


#: Answers of a hospital that a coordinator recorded for it.
BY_TELEPHONE = frozenset({ReferralEvent.ACCEPT_BY_TELEPHONE, ReferralEvent.DECLINE_BY_TELEPHONE})


class AuthorisationEvent(StrEnum):
    """What can happen to an authorisation."""

    OPEN_REVIEW = "open_review"
    WAIVE = "waive"
    STOP_CLOCK = "stop_clock"
    RESTART_CLOCK = "restart_clock"
    GRANT = "grant"
    PARTLY_GRANT = "partly_grant"
    REFUSE = "refuse"
    APPROVE_STAGE = "approve_stage"
    SIGN_FIRST = "sign_first"
    SIGN_SECOND = "sign_second"
    SILENCE_GRANTS = "silence_grants"
    EXTEND = "extend"
    REVOKE = "revoke"
    EXPIRE = "expire"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    REVIEW_EMERGENCY = "review_emergency"


class Guard(StrEnum):
    """Why an event that the tables allow can't happen all the same. The values are codes that stay."""

    OWN_REFERRAL = "own_referral"
    OWN_DECISION = "own_decision"
    REVIEWED = "reviewed"
    APPEAL_OVER = "appeal_over"
    NOT_IN_FORCE = "not_in_force"
    MOST_URGENT = "most_urgent"
    HOST_HAS_TIME = "host_has_time"
    NOT_IN_CARE = "not_in_care"
    CARE_OVER = "care_over"
    PATIENT_DIED = "patient_died"
    ANOTHER_BODY = "another_body"
    SIGNED_FIRST = "signed_first"
    WAITS_FOR_SECOND = "waits_for_second"
    NOTHING_SIGNED = "nothing_signed"
    GRANTED_IN_PART = "granted_in_part"


#: What an event of the authorisation makes of the stage that is under way; a grant says itself whether it is in part.
STAGE_AFTER: dict[AuthorisationEvent, StageState] = {
    AuthorisationEvent.STOP_CLOCK: StageState.CLOCK_STOPPED,
    AuthorisationEvent.RESTART_CLOCK: StageState.IN_REVIEW,
    AuthorisationEvent.GRANT: StageState.GRANTED,
    AuthorisationEvent.PARTLY_GRANT: StageState.PARTLY_GRANTED,
    AuthorisationEvent.APPROVE_STAGE: StageState.GRANTED,
    AuthorisationEvent.SILENCE_GRANTS: StageState.GRANTED,
    AuthorisationEvent.REFUSE: StageState.REFUSED,
    AuthorisationEvent.OVERTURN: StageState.IN_REVIEW,
    AuthorisationEvent.WAIVE: StageState.PASSED_OVER,
}
#: States of a stage in which its body has the case.
OPEN_STAGES = frozenset({StageState.IN_REVIEW, StageState.CLOCK_STOPPED})

#: States in which a referral is on its way: filed and not over. One per patient and care.
ACTIVE_STATES = frozenset(
    {
        ReferralState.SUBMITTED,
        ReferralState.SCREENING,
        ReferralState.IN_REVIEW,
        ReferralState.INFO_REQUESTED,
        ReferralState.SENT,
        ReferralState.ACCEPTED,
        ReferralState.DECLINED,
        ReferralState.SCHEDULED,
        ReferralState.IN_CARE,
        ReferralState.DISCHARGED,
    }
)
#: States in which the directing side alone has written: no check, question, offered date or summary can exist yet.
UNTOUCHED_STATES = frozenset({ReferralState.DRAFT, ReferralState.SUBMITTED})
#: States from which nothing goes on by itself.
OVER_STATES = frozenset(
    {
        ReferralState.REFUSED,
        ReferralState.CLOSED,
        ReferralState.WITHDRAWN,
        ReferralState.CANCELLED,
        ReferralState.DECEASED,
        ReferralState.ENTERED_IN_ERROR,
    }
)
#: States in which the host has not been asked yet, so that the referral is still the directing side's to change.
BEFORE_SENDING = frozenset(
    {
        ReferralState.SUBMITTED,
        ReferralState.SCREENING,
        ReferralState.IN_REVIEW,
        ReferralState.INFO_REQUESTED,
    }
)
#: States of an authorisation that the ministry has not decided.
UNDECIDED = frozenset(
    {
        AuthorisationState.PENDING,
        AuthorisationState.IN_REVIEW,
        AuthorisationState.CLOCK_STOPPED,
        AuthorisationState.OVERTURNED,
    }
)
BEFORE_CARE = ACTIVE_STATES - {ReferralState.IN_CARE, ReferralState.DISCHARGED}
#: States in which a check was made and what it found still matters.
CHECKED_STATES = BEFORE_CARE - {ReferralState.SUBMITTED, ReferralState.SCREENING}
#: States in which somebody has promised to pay.
IN_FORCE_STATES = (AuthorisationState.GRANTED, AuthorisationState.PARTLY_GRANTED, AuthorisationState.EXTENDED)
