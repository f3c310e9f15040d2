"""What presses whatever the state asks for: an emergency's review, a death, an authorisation that ran out."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from referrals.guards import why_not
from referrals.presentation import when
from referrals.presentation.reader import NextStep, Reader
from referrals.states import BEFORE_CARE, AuthorisationEvent, AuthorisationState, ReferralEvent, ReferralState


def pressing(reader: Reader) -> NextStep | None:
    """The step that comes before the state's own, if there is one."""
    return _emergency_review(reader) or _death(reader) or _expired(reader)


def _emergency_review(reader: Reader) -> NextStep | None:
    """The ministry's look at an emergency, which waits beside whatever else happens."""
    referral = reader.referral
    if not (reader.is_officer and referral.is_emergency):
        return None
    if referral.state in {ReferralState.ENTERED_IN_ERROR, ReferralState.WITHDRAWN}:
        return None
    if why_not(reader.actor, referral, AuthorisationEvent.REVIEW_EMERGENCY) is not None:
        return None
    due = when.ends(
        referral.authorisation.due_at,
        referral.ministry_zone,
        reader.now,
        at=_("The review is due by %(moment)s."),
        with_day=_("The review is due by the end of %(day)s."),
    )
    step = reader.act(_("Review the emergency"), reader.event("review_emergency"), due)
    return replace(step, reviews=True)


def _death(reader: Reader) -> NextStep | None:
    """A death that waits to be confirmed, or to be taken back, before anything new begins."""
    referral = reader.referral
    patient = referral.patient if referral.patient_id else None
    if patient is None or patient.deceased_on is None or referral.state not in BEFORE_CARE:
        return None
    if not reader.parties:
        return None
    hint = _("The patient is recorded as deceased. Nothing new begins until that is confirmed or taken back.")
    if reader.is_clinician and reader.actor.organisation_id in (
        patient.death_confirmer_id,
        patient.recorder_id,
    ):
        return reader.act(_("Confirm the death"), reverse("patients:detail", args=[patient.pk]), hint)
    return reader.wait(_("The death has to be confirmed"), hint)


def _expired(reader: Reader) -> NextStep | None:
    """An authorisation that ran out before the admission: only the ministry can go on from there."""
    waiting = {ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.SCHEDULED}
    if reader.referral.state not in waiting or reader.authorisation_state != AuthorisationState.EXPIRED:
        return None
    if reader.is_ministry:
        return reader.act(
            _("Cancel the referral"),
            reader.event(ReferralEvent.CANCEL),
            _("The authorised time passed before the patient was admitted."),
        )
    return reader.wait(
        _("The ministry cancels it"), _("The authorised time passed before the patient was admitted.")
    )
