"""The referrals app's models, one family a file."""

from referrals.models.authorisation import Authorisation, DecisionReason
from referrals.models.check import EligibilityCheck, Outcome, Recommendation, RuleResult
from referrals.models.choices import CareMode, Payer, Priority
from referrals.models.consilium import Consilium
from referrals.models.emergency import EmergencyAccess
from referrals.models.erased import ErasedReferral
from referrals.models.evidence import EvidenceItem
from referrals.models.former import FormerHost
from referrals.models.history import Machine, StatusChange
from referrals.models.hosting import Appointment, DischargeSummary, TelephoneAnswer
from referrals.models.information import InformationRequest, Question
from referrals.models.number import ReferralNumber
from referrals.models.paper import CERTIFIED, Paper, PaperCheck, PaperKind, Standing
from referrals.models.record_number import RecordNumber
from referrals.models.referral import ONE_ACTIVE, Referral
from referrals.models.stage import AuthorisationStage

__all__ = [
    "CERTIFIED",
    "ONE_ACTIVE",
    "Appointment",
    "Authorisation",
    "AuthorisationStage",
    "CareMode",
    "Consilium",
    "DecisionReason",
    "DischargeSummary",
    "EligibilityCheck",
    "EmergencyAccess",
    "ErasedReferral",
    "EvidenceItem",
    "FormerHost",
    "InformationRequest",
    "Machine",
    "Outcome",
    "Paper",
    "PaperCheck",
    "PaperKind",
    "Payer",
    "Priority",
    "Question",
    "Recommendation",
    "RecordNumber",
    "Referral",
    "ReferralNumber",
    "RuleResult",
    "Standing",
    "StatusChange",
    "TelephoneAnswer",
]
