"""The referrals app's models, one family a file."""

from referrals.models.authorisation import Authorisation, DecisionReason
from referrals.models.check import EligibilityCheck, Outcome, Recommendation, RuleResult
from referrals.models.choices import CareMode, Payer, Priority
from referrals.models.evidence import EvidenceItem
from referrals.models.history import Machine, StatusChange
from referrals.models.hosting import Appointment, DischargeSummary, TelephoneAnswer
from referrals.models.information import InformationRequest, Question
from referrals.models.number import ReferralNumber
from referrals.models.referral import ONE_ACTIVE, Referral

__all__ = [
    "ONE_ACTIVE",
    "Appointment",
    "Authorisation",
    "CareMode",
    "DecisionReason",
    "DischargeSummary",
    "EligibilityCheck",
    "EvidenceItem",
    "InformationRequest",
    "Machine",
    "Outcome",
    "Payer",
    "Priority",
    "Question",
    "Recommendation",
    "Referral",
    "ReferralNumber",
    "RuleResult",
    "StatusChange",
    "TelephoneAnswer",
]
