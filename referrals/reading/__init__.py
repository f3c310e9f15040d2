"""The one door through which a referral is loaded to be shown: who may know what of it, and that it was shown."""

from referrals.reading.case import (
    Case,
    crossing_day,
    drafts_of,
    load_answer,
    load_case,
    load_draft,
    of_kinds,
    open_answer,
    show_case,
    show_draft,
)
from referrals.reading.former import count_former, former_rows, open_former
from referrals.reading.lists import for_list, open_list, open_of_patient
from referrals.reading.parts import (
    accesses_of,
    active_appointment,
    complete,
    coverages_of,
    evidence_of,
    history_of,
    hours_of,
    identifiers_of,
    latest_results,
    questions_of,
    record_number_of,
)

__all__ = [
    "Case",
    "accesses_of",
    "active_appointment",
    "complete",
    "count_former",
    "coverages_of",
    "crossing_day",
    "drafts_of",
    "evidence_of",
    "for_list",
    "former_rows",
    "history_of",
    "hours_of",
    "identifiers_of",
    "latest_results",
    "load_answer",
    "load_case",
    "load_draft",
    "of_kinds",
    "open_answer",
    "open_former",
    "open_list",
    "open_of_patient",
    "questions_of",
    "record_number_of",
    "show_case",
    "show_draft",
]
