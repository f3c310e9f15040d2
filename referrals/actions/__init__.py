"""What can be done to a referral. Each function is the one road for pages, the API, workers and the demonstration.

All are keyword-only with `by: Actor`, run in one transaction, lock the referral, and raise `core.errors`:
NotKnown, Denied, IllegalTransition, Stale or Invalid. `version`, where given, must be the referral's present one.
"""

from referrals.actions.deciding import (
    answer,
    appeal,
    expire,
    extend,
    grant,
    overturn,
    partly_grant,
    refuse,
    request_information,
    review_emergency,
    revoke,
    uphold,
)
from referrals.actions.drafting import autosave, save_draft, start_draft
from referrals.actions.ending import cancel, close, enter_in_error, record_death, withdraw
from referrals.actions.filing import file_new, submit
from referrals.actions.hosting import accept, admit, decline, discharge, re_route, reschedule, schedule
from referrals.actions.screening import begin_screening, check_emergency, finish_screening

__all__ = [
    "accept",
    "admit",
    "answer",
    "appeal",
    "autosave",
    "begin_screening",
    "cancel",
    "check_emergency",
    "close",
    "decline",
    "discharge",
    "enter_in_error",
    "expire",
    "extend",
    "file_new",
    "finish_screening",
    "grant",
    "overturn",
    "partly_grant",
    "re_route",
    "record_death",
    "refuse",
    "request_information",
    "reschedule",
    "review_emergency",
    "revoke",
    "save_draft",
    "schedule",
    "start_draft",
    "submit",
    "uphold",
    "withdraw",
]
