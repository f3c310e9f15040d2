"""Everything that is decided on keeping and erasing. Keyword-only with `by`, in one transaction with its audit rows."""

from retention.actions.erasing import carry_out, find_due
from retention.actions.holds import lift_hold, place_hold
from retention.actions.periods import approve_period, propose_period, withdraw_period
from retention.actions.requests import ask_erasure, decide_erasure

__all__ = [
    "approve_period",
    "ask_erasure",
    "carry_out",
    "decide_erasure",
    "find_due",
    "lift_hold",
    "place_hold",
    "propose_period",
    "withdraw_period",
]
