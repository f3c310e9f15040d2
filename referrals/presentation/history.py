"""What happened to a referral, when, by whom and why, from its immutable changes of state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Text
from referrals.actions.ending import WithdrawReason
from referrals.actions.hosting import DeclineReason
from referrals.events import BY_KIND
from referrals.models import DecisionReason, Recommendation, StatusChange, TelephoneAnswer
from referrals.presentation import when
from referrals.states import BY_TELEPHONE

# Events that only mirror another one, or an inner step of the check, are left out.
WORDS: dict[str, Text] = {kind: record.words for kind, record in BY_KIND.items() if record.in_history}
_REASONS: dict[str, Text] = {
    **dict(DecisionReason.choices),
    **dict(DeclineReason.choices),
    **dict(WithdrawReason.choices),
    **dict(Recommendation.choices),
    "revoked": gettext_lazy("The authorisation was revoked"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history. `reason` is the ground's words, `reason_text` what the person wrote."""

    event: str
    text: str
    who: str
    organisation: str
    when: str
    at: datetime
    reason: str
    reason_text: str
    call: str


def reason_label(code: str) -> str:
    """A reason code of any step in words; empty for none."""
    return str(_REASONS.get(code, code)) if code else ""


def history(changes: Iterable[StatusChange], *, reasons: bool = True) -> list[Happened]:
    """The changes in words, the oldest first. Without `reasons` for readers who see no clinical content."""
    return [_line(change, reasons) for change in changes if f"{change.machine}.{change.event}" in WORDS]


def _line(change: StatusChange, reasons: bool) -> Happened:
    event = f"{change.machine}.{change.event}"
    by_portal = change.by_kind == "system"
    call = change.telephone_answer if change.event in BY_TELEPHONE else None
    return Happened(
        event=event,
        text=str(WORDS[event]),
        who=_("the portal") if by_portal else change.by_label,
        organisation="" if by_portal else change.by_organisation,
        when=when.moment(change.at),
        at=change.at,
        reason=reason_label(change.reason_code) if reasons else "",
        reason_text=(change.reason_text or (call.said if call else "")) if reasons else "",
        call=_call_words(call) if call else "",
    )


def _call_words(call: TelephoneAnswer) -> str:
    """Who gave an answer by telephone, on which number and when."""
    return _("%(name)s said this by telephone (%(phone)s) on %(moment)s.") % {
        "name": call.spoke_with,
        "phone": call.phone,
        "moment": when.moment(call.spoken_at),
    }
