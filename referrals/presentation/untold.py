"""What the patient could not be told, for those who can ring them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.outbox.messages import words_of
from core.outbox.models import Message, UndeliveredReason
from referrals.presentation import when
from referrals.presentation.case import Case
from referrals.states import Party


@dataclass(frozen=True, slots=True)
class Untold:
    """The panel: what to do, and each notice that didn't arrive as `text` with `note` under it."""

    text: str
    rows: list[dict[str, str]]


def tells_patient(case: Case) -> bool:
    """Whether the reader looks after the patient, and so should ring whom no message reached."""
    return case.clinical and bool(case.parties & {Party.DIRECTING_CLINICIAN, Party.DIRECTING_COORDINATOR})


def untold_panel(case: Case, messages: list[Message]) -> Untold | None:
    """For the messages that didn't reach the patient; None where everything arrived."""
    if not messages:
        return None
    phone = case.referral.patient.phone
    text = (
        _("Please ring the patient at %(phone)s and tell them this yourself.") % {"phone": phone}
        if phone
        else _("Please find a way to tell the patient this yourself, and record how to reach them.")
    )
    return Untold(text, [_row(message) for message in messages])


def _row(message: Message) -> dict[str, str]:
    assert message.undelivered_at is not None
    reason = UndeliveredReason(message.undelivered_reason)
    return {
        "text": words_of(message).body,
        "note": f"{when.moment(message.undelivered_at)}. {reason.label}",
    }
