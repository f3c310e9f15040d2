"""Everything that changes a patient's record. Pages, API and demonstration call these and nothing else.

Each is keyword-only with `by: Actor`, runs in one transaction with its audit row, and raises
`Invalid` with the field's name, `Denied`, `NotKnown` or `Stale`.
"""

from patients.actions.consent import record_consent, withdraw_consent
from patients.actions.coverage import correct_coverage, record_coverage
from patients.actions.death import record_patient_death
from patients.actions.linking import link_patient
from patients.actions.numbers import add_identifier, remove_identifier
from patients.actions.registration import register_patient, update_patient
from patients.actions.statement import AskedBy, give_statement

__all__ = [
    "AskedBy",
    "add_identifier",
    "correct_coverage",
    "give_statement",
    "link_patient",
    "record_consent",
    "record_coverage",
    "record_patient_death",
    "register_patient",
    "remove_identifier",
    "update_patient",
    "withdraw_consent",
]
