"""The tables of the patients app. One file a subject."""

from patients.models.budget import LookupBudget
from patients.models.consent import Consent
from patients.models.coverage import Coverage
from patients.models.identifier import Identifier, Registration
from patients.models.keeping import Correction, ErasedRecord, HoldGround, LegalHold, Tombstone
from patients.models.merge import Merge, MergeGround, UndoReason
from patients.models.patient import Patient, may_be_born
from patients.models.record_number import RecordNumber
from patients.models.searching import SearchWord
from patients.models.statements import CONTACT_FIELDS, ContactStatement

__all__ = [
    "CONTACT_FIELDS",
    "Consent",
    "ContactStatement",
    "Correction",
    "Coverage",
    "ErasedRecord",
    "HoldGround",
    "Identifier",
    "LegalHold",
    "LookupBudget",
    "Merge",
    "MergeGround",
    "Patient",
    "RecordNumber",
    "Registration",
    "SearchWord",
    "Tombstone",
    "UndoReason",
    "may_be_born",
]
