"""What else an actor can do with a referral, as links in whole phrases; and which steps are open to them at all."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Text
from referrals import access
from referrals.models import Authorisation, Referral
from referrals.states import AuthorisationEvent, ReferralEvent, ReferralState

R, A = ReferralEvent, AuthorisationEvent

#: A step that a person takes → the events that it causes, all of which must be possible. In the order of the links;
#: those that end something stand last.
STEPS: dict[str, tuple[StrEnum, ...]] = {
    "answer": (R.ANSWER, A.RESTART_CLOCK),
    "close": (R.CLOSE,),
    "appeal": (A.APPEAL,),
    "accept": (R.ACCEPT,),
    "schedule": (R.SCHEDULE,),
    "reschedule": (R.RESCHEDULE,),
    "admit": (R.ADMIT,),
    "discharge": (R.DISCHARGE,),
    "re_route": (R.RE_ROUTE,),
    "review_emergency": (A.REVIEW_EMERGENCY,),
    "overturn": (A.OVERTURN, R.REOPEN),
    "uphold": (A.UPHOLD,),
    "request_information": (R.REQUEST_INFORMATION, A.STOP_CLOCK),
    "extend": (A.EXTEND,),
    "decline": (R.DECLINE,),
    "withdraw": (R.WITHDRAW,),
    "revoke": (A.REVOKE, R.CANCEL),
    "cancel": (R.CANCEL,),
    "record_death": (R.RECORD_DEATH,),
    "enter_in_error": (R.ENTER_IN_ERROR,),
}
#: Steps towards planned care, which somebody must have promised to pay for.
NEEDS_AUTHORISATION = frozenset({"accept", "schedule", "reschedule", "admit", "re_route"})
ENDING = frozenset({"decline", "withdraw", "revoke", "cancel", "record_death", "enter_in_error"})

PHRASES: dict[str, Text] = {
    "answer": _("Answer the ministry’s questions"),
    "close": _("Read the summary and close the referral"),
    "appeal": _("Appeal against the refusal for the patient"),
    "accept": _("Accept the patient and offer a date"),
    "schedule": _("Confirm the date"),
    "reschedule": _("Move the date"),
    "admit": _("Record that the patient has arrived"),
    "discharge": _("Discharge the patient with a summary"),
    "re_route": _("Send the referral to another hospital"),
    "review_emergency": _("Review the emergency"),
    "overturn": _("Set the refusal aside"),
    "uphold": _("Keep the refusal"),
    "request_information": _("Ask the clinician for information"),
    "extend": _("Extend the authorisation"),
    "decline": _("Decline with a reason"),
    "withdraw": _("Withdraw the referral"),
    "revoke": _("Revoke the authorisation"),
    "cancel": _("Cancel the referral"),
    "record_death": _("Record that the patient has died"),
    "enter_in_error": _("Mark the referral as entered in error"),
}
DISCARD_DRAFT = _("Discard this draft")
DECIDE = _("Decide this case")


def links(actor: Actor, case: Any, *, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """Dicts of `event`, `url`, `text` and `danger` for everything that the actor can do now; `without` leaves some out.

    `case` is a referral or has one as `referral`.
    """
    referral: Referral = getattr(case, "referral", case)
    found: list[dict[str, Any]] = []
    if may_decide(actor, referral) and "decide" not in without:
        url = reverse("referrals:decide", args=[referral.pk])
        found.append({"event": "decide", "url": url, "text": DECIDE, "danger": False})
    for name in open_steps(actor, referral):
        if name not in without:
            url = reverse("referrals:step", args=[referral.pk, name])
            found.append(
                {"event": name, "url": url, "text": phrase(name, referral), "danger": name in ENDING}
            )
    return found


def phrase(name: str, referral: Referral) -> Text:
    """A step as a phrase; discarding a draft has its own."""
    if name == "enter_in_error" and referral.state == ReferralState.DRAFT:
        return DISCARD_DRAFT
    return PHRASES[name]


def open_steps(actor: Actor, referral: Referral) -> list[str]:
    """The steps that the actor can take now, in the order of `STEPS`."""
    possible = set(access.allowed_events(actor, referral))
    authorisation = authorisation_of(referral)
    of_authorisation: set[str] = set()
    if authorisation is not None:
        of_authorisation = set(access.allowed_authorisation_events(actor, referral, authorisation))
    return [
        name
        for name, events in STEPS.items()
        if all(
            event in (of_authorisation if isinstance(event, AuthorisationEvent) else possible)
            for event in events
        )
        and hindrance(actor, referral, name) is None
    ]


def authorisation_of(referral: Referral) -> Authorisation | None:
    """The authorisation; a draft has none yet."""
    return getattr(referral, "authorisation", None)


def may_decide(actor: Actor, referral: Referral) -> bool:
    """Whether the actor is an officer who can decide this referral now."""
    authorisation = authorisation_of(referral)
    if authorisation is None or is_own(actor, referral):
        return False
    events = access.allowed_authorisation_events(actor, referral, authorisation)
    return AuthorisationEvent.GRANT in events and ReferralEvent.SEND in access.allowed_events(actor, referral)


def is_own(actor: Actor, referral: Referral) -> bool:
    """Whether the actor filed this referral: then another officer decides it."""
    return actor.user_id is not None and actor.user_id == referral.filed_by_id


OWN_REFERRAL = _("You filed this referral, so another officer must decide it.")
OWN_DECISION = _("You decided this before, so another officer must decide the appeal.")
REVIEWED = _("This emergency has been reviewed already.")
APPEAL_OVER = _("The time limit for an appeal has passed.")
NOT_IN_FORCE = _("The authorisation is not in force. Ask the directing ministry.")


def hindrance(actor: Actor, referral: Referral, name: str) -> Text | None:
    """Why a step that the tables allow is not open to this actor all the same; None when nothing is in the way."""
    authorisation = authorisation_of(referral)
    if name in {"uphold", "overturn", "extend", "review_emergency"} and is_own(actor, referral):
        return OWN_REFERRAL
    if authorisation is None:
        return None
    if name in {"uphold", "overturn"} and authorisation.decided_by_id == actor.user_id:
        return OWN_DECISION
    if name == "review_emergency" and authorisation.reviewed_at is not None:
        return REVIEWED
    if (
        name == "appeal"
        and authorisation.appeal_due_at is not None
        and timezone.now() > authorisation.appeal_due_at
    ):
        return APPEAL_OVER
    if name in NEEDS_AUTHORISATION and not referral.is_emergency and not authorisation.is_in_force:
        return NOT_IN_FORCE
    return None
