"""How a referral ends: closed, withdrawn, cancelled, by the patient's death, or as entered in error."""

from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actors import Actor
from core.db import action
from core.errors import Invalid
from core.forms.text import STANDS_FOR_NONE
from core.outbox.models import Event
from core.outbox.publish import publish
from core.placeholders import stands_for_none
from patients.actions import record_patient_death
from referrals.actions.granting import REASON_MISSING
from referrals.actions.road import check, lock, move, require_text
from referrals.events.noticed import PATIENT_DIED
from referrals.models import Referral
from referrals.states import ACTIVE_STATES, BEFORE_CARE, AuthorisationEvent, ReferralEvent

__all__ = ["cancel", "close", "enter_in_error", "follow_death", "record_death", "revoke", "withdraw"]


class WithdrawReason(models.TextChoices):
    """Why a referral is withdrawn by the directing side."""

    PATIENT_WISH = "patient_wish", _("The patient does not want the care any more")
    TREATED_ELSEWHERE = "treated_elsewhere", _("The patient is treated elsewhere")
    NOT_NEEDED = "not_needed", _("The care is no longer needed")
    OTHER = "other_withdraw", pgettext_lazy("reason to withdraw", "Another reason")


@action
def close(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """Close after the discharge summary was read."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.CLOSE, by=by)
    move(referral, ReferralEvent.CLOSE, by=by)
    return referral


@action
def withdraw(
    referral_id: UUID | str, *, by: Actor, reason_code: str, reason_text: str = "", version: int | None = None
) -> Referral:
    """Take the referral back before care begins."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.WITHDRAW, by=by)
    if reason_code not in WithdrawReason.values:
        raise Invalid({"reason_code": [_("Choose the reason.")]})
    if reason_code == WithdrawReason.OTHER:
        require_text("reason_text", reason_text, _("Explain the reason."))
    elif stands_for_none(reason_text):
        raise Invalid({"reason_text": [STANDS_FOR_NONE]})
    _free_dates(referral)
    move(referral, ReferralEvent.WITHDRAW, by=by, reason_code=reason_code, reason_text=reason_text.strip())
    return referral


@action
def cancel(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """End the referral on the ministry’s side before care begins, with a reason."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.CANCEL, by=by)
    text = require_text("reason_text", reason_text, _("Give the reason for cancelling."))
    _free_dates(referral)
    move(referral, ReferralEvent.CANCEL, by=by, reason_text=text)
    return referral


@action
def revoke(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Take an authorisation back before the patient is in care; the referral is cancelled with it."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.REVOKE, by=by)
    text = require_text("reason_text", reason_text, REASON_MISSING)
    move(referral, AuthorisationEvent.REVOKE, by=by, reason_text=text)
    _free_dates(referral)
    move(referral, ReferralEvent.CANCEL, by=by, reason_code="revoked", reason_text=text)
    return referral


@action
def record_death(
    referral_id: UUID | str, *, by: Actor, deceased_on: date, version: int | None = None
) -> Referral:
    """Record that the patient died; the patient’s record keeps the day. A host's word the directing side confirms."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.RECORD_DEATH, by=by)
    record_patient_death(
        patient_id=referral.patient_id,
        deceased_on=deceased_on,
        by=by,
        confirmer=referral.directing_facility_id,
    )
    _free_dates(referral)
    move(referral, ReferralEvent.RECORD_DEATH, by=by)
    return referral


@action
def follow_death(referral_id: UUID | str, *, by: Actor) -> bool:
    """What the death of the patient, recorded elsewhere, means for a referral: before care it ends.

    In care and after it the hospital and the clinician are told, once, and record the death themselves: what the
    hospital did is still to be written down. False where there is nothing to do (any more).
    """
    referral = lock(referral_id, by=by)
    patient = referral.patient
    if patient.deceased_on is None or patient.death_confirmer_id is not None:
        return False
    if referral.state not in ACTIVE_STATES:
        return False
    if referral.state in BEFORE_CARE:
        check(referral, ReferralEvent.RECORD_DEATH, by=by)
        _free_dates(referral)
        move(referral, ReferralEvent.RECORD_DEATH, by=by)
        return True
    if Event.objects.filter(kind=PATIENT_DIED, subject_id=str(referral.pk)).exists():
        return False
    publish(PATIENT_DIED, subject=referral, by=by)
    return True


@action
def enter_in_error(
    referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None
) -> Referral:
    """Mark a referral that should never have been. It stays readable on the directing side."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ENTER_IN_ERROR, by=by)
    text = require_text("reason_text", reason_text, _("Say what the error was."))
    _free_dates(referral)
    move(referral, ReferralEvent.ENTER_IN_ERROR, by=by, reason_text=text)
    return referral


def _free_dates(referral: Referral) -> None:
    referral.appointments.filter(active=True).update(active=False)
