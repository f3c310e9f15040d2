"""When a patient could not be told: the clinicians of the hospital that filed hear of it, and ring the patient."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.outbox.messages import UNDELIVERED, Recipient, Words, renderer, tell
from core.outbox.models import Event, Message, UndeliveredReason
from core.outbox.registry import handler
from core.outbox.undelivered import not_reached
from core.permissions import Role
from facilities.recipients import OF_COUNTRY, OF_ORGANISATION, recipients
from referrals.models import Referral

_KIND = "undelivered.patient"


def patient_key(referral: Referral) -> str:
    """The patient as a recipient of messages."""
    return f"patient:{referral.patient_id}"


def untold(referral: Referral) -> list[Message]:
    """What the patient wasn't told about this referral since something last reached them, the oldest first."""
    return not_reached(referral, patient_key(referral))


@handler(UNDELIVERED, name="referrals.tell_undelivered")
def tell_clinicians(event: Event, key: str) -> None:
    """Tell them in the portal. A message to a person of the portal stands in its inbox anyway."""
    message = Message.objects.select_related("event").get(pk=event.subject_id)
    about = message.event
    if not message.recipient.startswith("patient:") or about.subject_type != Referral._meta.label_lower:
        return
    referral = Referral.objects.get(pk=about.subject_id)
    tell(
        event,
        kind=_KIND,
        params={"number": referral.number, "reason": message.undelivered_reason},
        link=f"{reverse('referrals:detail', args=[referral.pk])}#untold",
        # In the portal alone: where mail fails, more mail doesn't help.
        recipients=[replace(person, email="") for person in _clinicians(referral)],
    )


def _clinicians(referral: Referral) -> list[Recipient]:
    """The clinicians of the hospital that filed; where none is at work, the ministry's coordinators."""
    found = recipients((Role.CLINICIAN,), OF_ORGANISATION, referral.directing_facility_id, act=True)
    return found or recipients((Role.COORDINATOR,), OF_COUNTRY, referral.directing_country_id, act=True)


@renderer("undelivered")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The notice in the active language."""
    reason = str(UndeliveredReason(params["reason"]).label)
    return Words(
        subject=_("%(number)s: the patient could not be told") % params,
        body=_("A notice did not reach the patient. %(reason)s Please tell the patient yourself.")
        % {"reason": reason},
    )
