"""The tables of the patients app. One file a subject."""

from patients.models.consent import Consent
from patients.models.coverage import Coverage
from patients.models.identifier import Identifier, Registration
from patients.models.merge import Merge, MergeGround, UndoReason
from patients.models.patient import Patient, may_be_born

__all__ = [
    "Consent",
    "Coverage",
    "Identifier",
    "Merge",
    "MergeGround",
    "Patient",
    "Registration",
    "UndoReason",
    "may_be_born",
]
