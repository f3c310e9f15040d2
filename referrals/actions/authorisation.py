"""After the decision: a longer authorisation, one that ran out, an appeal, and the look at an emergency."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import Invalid
from facilities.access import today_in
from referrals import stages
from referrals.actions.drafting import add_evidence
from referrals.actions.granting import REASON_MISSING
from referrals.actions.road import check, lock, move, require_text
from referrals.actions.screening import ask_again
from referrals.models import Referral
from referrals.models.authorisation import MAX_VALIDITY
from referrals.states import AuthorisationEvent, ReferralEvent, ReferralState

__all__ = ["appeal", "expire", "extend", "overturn", "review_emergency", "uphold"]

_NOTHING_FOUND = _("Write what the review found.")


@action
def extend(
    referral_id: UUID | str,
    *,
    by: Actor,
    valid_until: date,
    reason_text: str,
    evidence: dict[str, Any] | None = None,
    version: int | None = None,
) -> Referral:
    """Let an authorisation in force last longer, with a newer report if there is one. The rules are asked again."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.EXTEND, by=by)
    authorisation = referral.authorisation
    text = require_text("reason_text", reason_text, REASON_MISSING)
    assert authorisation.valid_until is not None and authorisation.valid_from is not None
    if valid_until <= authorisation.valid_until:
        raise Invalid({"valid_until": [_("The new last day must be later than the present one.")]})
    if valid_until - authorisation.valid_from > MAX_VALIDITY:
        raise Invalid({"valid_until": [_("An authorisation lasts a year at most.")]})
    if evidence:
        add_evidence(referral, evidence, by=by)
    authorisation.valid_until = valid_until
    move(referral, AuthorisationEvent.EXTEND, by=by, reason_text=text)
    ask_again(referral)
    return referral


@action
def expire(referral_id: UUID | str, *, by: Actor) -> bool:
    """Mark an authorisation whose window has passed before the patient was admitted. False when it hasn’t."""
    referral = lock(referral_id, by=by)
    check(referral, AuthorisationEvent.EXPIRE, by=by)
    valid_until = referral.authorisation.valid_until
    waiting = {ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.SCHEDULED}
    if referral.state not in waiting or valid_until is None:
        return False
    if today_in(referral.directing_country_id) <= valid_until:
        return False
    move(referral, AuthorisationEvent.EXPIRE, by=by)
    return True


@action
def appeal(referral_id: UUID | str, *, by: Actor, text: str, version: int | None = None) -> Referral:
    """Appeal for the patient against a refusal, while the time limit runs. It is decided in the time of a decision."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.APPEAL, by=by)
    missing = _("Say why the refusal should be looked at again.")
    referral.authorisation.appeal_text = require_text("text", text, missing)
    stages.start_clock(
        referral.authorisation, referral, timezone.now(), stages.under_way(referral.authorisation)
    )
    move(referral, AuthorisationEvent.APPEAL, by=by)
    return referral


@action
def uphold(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Keep a refusal after an appeal. Another officer than the one who refused."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.UPHOLD, by=by)
    text = require_text("reason_text", reason_text, REASON_MISSING)
    move(referral, AuthorisationEvent.UPHOLD, by=by, reason_text=text)
    return referral


@action
def overturn(referral_id: UUID | str, *, by: Actor, reason_text: str, version: int | None = None) -> Referral:
    """Set a refusal aside after an appeal; the referral is under review again and needs a new decision."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.OVERTURN, by=by)
    text = require_text("reason_text", reason_text, REASON_MISSING)
    _give_back(referral)
    move(referral, AuthorisationEvent.OVERTURN, by=by, reason_text=text)
    move(referral, ReferralEvent.REOPEN, by=by, reason_text=text)
    return referral


def _give_back(referral: Referral) -> None:
    """The body that refused decides anew; what later bodies have to say comes after it, as before."""
    now, authorisation = timezone.now(), referral.authorisation
    stage, version = stages.under_way(authorisation), referral.agreement_version
    assert stage is not None and version is not None, "what was refused had a stage"
    stages.start_clock(authorisation, referral, now, stage)
    authorisation.hard_due_at = stages.hard_stop(version, referral, now)
    stage.since = now
    stage.save(update_fields=["since", "due_at"])
    stages.give_to(referral, stage.country_id, stage.organisation_id)


@action
def review_emergency(
    referral_id: UUID | str, *, by: Actor, review_text: str, version: int | None = None
) -> Referral:
    """Write down, once, the ministry’s look at an emergency afterwards. The care isn’t touched by it."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, AuthorisationEvent.REVIEW_EMERGENCY, by=by)
    authorisation, text = referral.authorisation, require_text("review_text", review_text, _NOTHING_FOUND)
    authorisation.review_text = text
    authorisation.reviewed_at = timezone.now()
    authorisation.reviewed_by_id = by.user_id
    move(referral, AuthorisationEvent.REVIEW_EMERGENCY, by=by, reason_text=text)
    return referral
