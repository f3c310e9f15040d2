"""Everything that changes a patient's record. Pages, API and demonstration call these and nothing else.

Each is keyword-only with `by: Actor`, runs in one transaction with its audit row, and raises
`Invalid` with the field's name, `Denied`, `NotKnown` or `Stale`.
"""

from patients.actions.consent import record_consent, state_withdrawal, withdraw_consent
from patients.actions.coverage import correct_coverage, record_coverage
from patients.actions.death import confirm_death, record_patient_death
from patients.actions.export import give_export
from patients.actions.linking import Ground, link_patient
from patients.actions.lookups import unlock_lookups
from patients.actions.merging import merge_patients, undo_merge
from patients.actions.numbers import add_identifier, remove_identifier
from patients.actions.record_number import set_record_number
from patients.actions.registration import register_patient, update_patient
from patients.actions.statement import AskedBy, give_statement
from patients.actions.unlinking import end_link

__all__ = [
    "AskedBy",
    "Ground",
    "add_identifier",
    "confirm_death",
    "correct_coverage",
    "end_link",
    "give_export",
    "give_statement",
    "link_patient",
    "merge_patients",
    "record_consent",
    "record_coverage",
    "record_patient_death",
    "register_patient",
    "remove_identifier",
    "set_record_number",
    "state_withdrawal",
    "undo_merge",
    "unlock_lookups",
    "update_patient",
    "withdraw_consent",
]
