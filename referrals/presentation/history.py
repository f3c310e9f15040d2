"""What happened to a referral, when, by whom and why, from its immutable changes of state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Text
from referrals.actions.ending import WithdrawReason
from referrals.actions.hosting import DeclineReason
from referrals.models import DecisionReason, Recommendation, StatusChange
from referrals.presentation import when

# Events that only mirror another one, or an inner step of the check, are left out.
WORDS: dict[str, Text] = {
    "referral.submit": pgettext_lazy("history", "Filed"),
    "referral.send_at_once": gettext_lazy("Sent to the host hospital at once, as an emergency"),
    "referral.finish_screening": gettext_lazy("The rules were checked"),
    "referral.request_information": gettext_lazy("The ministry asked for information"),
    "referral.answer": gettext_lazy("The questions were answered"),
    "referral.send": gettext_lazy("Sent to the host hospital"),
    "referral.accept": gettext_lazy("Accepted by the host hospital"),
    "referral.decline": gettext_lazy("Declined by the host hospital"),
    "referral.re_route": gettext_lazy("Sent to another host hospital"),
    "referral.schedule": gettext_lazy("The appointment was confirmed"),
    "referral.reschedule": gettext_lazy("The appointment was moved"),
    "referral.admit": gettext_lazy("Admitted to the host hospital"),
    "referral.discharge": gettext_lazy("Discharged with a summary"),
    "referral.close": pgettext_lazy("history", "Closed"),
    "referral.withdraw": pgettext_lazy("history", "Withdrawn"),
    "referral.cancel": pgettext_lazy("history", "Cancelled"),
    "referral.record_death": gettext_lazy("The patient’s death was recorded"),
    "referral.enter_in_error": gettext_lazy("Marked as entered in error"),
    "authorisation.grant": gettext_lazy("The authorisation was granted"),
    "authorisation.partly_grant": gettext_lazy("The authorisation was granted in part"),
    "authorisation.refuse": gettext_lazy("The authorisation was refused"),
    "authorisation.extend": gettext_lazy("The authorisation was extended"),
    "authorisation.revoke": gettext_lazy("The authorisation was revoked"),
    "authorisation.expire": gettext_lazy("The authorisation expired"),
    "authorisation.appeal": gettext_lazy("An appeal was made"),
    "authorisation.uphold": gettext_lazy("The refusal was upheld"),
    "authorisation.overturn": gettext_lazy("The refusal was overturned"),
    "authorisation.review_emergency": gettext_lazy("The emergency was reviewed by the ministry"),
}
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


def reason_label(code: str) -> str:
    """A reason code of any step in words; empty for none."""
    return str(_REASONS.get(code, code)) if code else ""


def history(changes: Iterable[StatusChange], *, reasons: bool = True) -> list[Happened]:
    """The changes in words, the oldest first. Without `reasons` for readers who see no clinical content."""
    return [_line(change, reasons) for change in changes if f"{change.machine}.{change.event}" in WORDS]


def _line(change: StatusChange, reasons: bool) -> Happened:
    event = f"{change.machine}.{change.event}"
    by_portal = change.by_kind == "system"
    return Happened(
        event=event,
        text=str(WORDS[event]),
        who=_("the portal") if by_portal else change.by_label,
        organisation="" if by_portal else change.by_organisation,
        when=when.moment(change.at),
        at=change.at,
        reason=reason_label(change.reason_code) if reasons else "",
        reason_text=change.reason_text if reasons else "",
    )
