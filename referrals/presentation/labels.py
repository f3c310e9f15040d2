"""The tag of each state and priority: its kind gives colour and sign (templates/components/tag.html)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Text
from referrals.models import Priority, Referral
from referrals.models.authorisation import AUTHORISATION_CHOICES
from referrals.models.choices import STATE_CHOICES
from referrals.states import AuthorisationState, ReferralState

SIGNS = {"ok": "✓", "warn": "?", "bad": "✕", "info": "!", "wait": "…", "emergency": "!"}


@dataclass(frozen=True, slots=True)
class Tag:
    """`kind` is ok, warn, bad, info, wait or emergency; `label` is translated where it is shown."""

    kind: str
    label: Text

    @property
    def sign(self) -> str:
        """The sign that says the same without colour."""
        return SIGNS[self.kind]


S, A = ReferralState, AuthorisationState

_REFERRAL_KINDS = {
    S.DRAFT: "wait",
    S.SUBMITTED: "wait",
    S.SCREENING: "wait",
    S.IN_REVIEW: "wait",
    S.INFO_REQUESTED: "warn",
    S.SENT: "info",
    S.REFUSED: "bad",
    S.ACCEPTED: "ok",
    S.DECLINED: "bad",
    S.SCHEDULED: "ok",
    S.IN_CARE: "info",
    S.DISCHARGED: "ok",
    S.CLOSED: "ok",
    S.WITHDRAWN: "wait",
    S.CANCELLED: "wait",
    S.DECEASED: "wait",
    S.ENTERED_IN_ERROR: "bad",
}
_AUTHORISATION_KINDS = {
    A.NOT_REQUIRED: "info",
    A.PENDING: "wait",
    A.IN_REVIEW: "wait",
    A.CLOCK_STOPPED: "warn",
    A.GRANTED: "ok",
    A.PARTLY_GRANTED: "ok",
    A.REFUSED: "bad",
    A.EXTENDED: "ok",
    A.REVOKED: "bad",
    A.EXPIRED: "bad",
    A.APPEALED: "warn",
    A.UPHELD: "bad",
    A.OVERTURNED: "info",
}
_PRIORITY_KINDS = {
    Priority.ROUTINE: "wait",
    Priority.URGENT: "info",
    Priority.ASAP: "warn",
    Priority.STAT: "emergency",
}

REFERRAL_TAGS: dict[str, Tag] = {state: Tag(_REFERRAL_KINDS[state], label) for state, label in STATE_CHOICES}
AUTHORISATION_TAGS: dict[str, Tag] = {
    state: Tag(_AUTHORISATION_KINDS[state], label) for state, label in AUTHORISATION_CHOICES
}
PRIORITY_TAGS: dict[str, Tag] = {
    priority.value: Tag(_PRIORITY_KINDS[priority], priority.label) for priority in Priority
}
_APPEAL = Tag("warn", pgettext_lazy("referral state", "Refused, appeal under way"))
_DISCARDED = Tag("bad", _("The draft was discarded"))
_EXPIRED = Tag("bad", pgettext_lazy("referral state", "Authorisation expired"))
_UNTIL_CARE = {S.SENT, S.ACCEPTED, S.DECLINED, S.SCHEDULED}


def referral_tag(referral: Referral) -> Tag:
    """Where the referral is; the authorisation is heeded where it decides what comes next."""
    if referral.state == S.ENTERED_IN_ERROR and referral.number is None:
        return _DISCARDED
    authorisation = getattr(referral, "authorisation", None)
    if authorisation is not None:
        if referral.state == S.REFUSED and authorisation.state == A.APPEALED:
            return _APPEAL
        if referral.state in _UNTIL_CARE and authorisation.state == A.EXPIRED:
            return _EXPIRED
    return REFERRAL_TAGS[referral.state]


def authorisation_tag(state: str) -> Tag:
    """The tag of an authorisation's state."""
    return AUTHORISATION_TAGS[state]


def priority_tag(priority: str) -> Tag:
    """The tag of a priority."""
    return PRIORITY_TAGS[priority]
