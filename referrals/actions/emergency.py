"""Emergency access: a person of the treating hospital sees what consent would hide, and the ministry reviews it."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Text
from core.outbox.publish import publish
from core.placeholders import stands_for_none
from core.road import Hindrance
from disclosure.models import DataKind, TransferPurpose
from disclosure.policy import Policies
from facilities.access import today_in
from referrals import access, emergency
from referrals.actions.road import lock
from referrals.events.noticed import EMERGENCY_OPENED, EMERGENCY_REVIEWED
from referrals.models import EmergencyAccess, Referral
from referrals.models.emergency import MOST_HOURS, REVIEW_WITHIN

__all__ = ["open_in_emergency", "review_emergency_access"]

_LONGEST = 1000


@action
def open_in_emergency(referral_id: UUID | str, *, by: Actor, reason: str, hours: int) -> EmergencyAccess:
    """Let this person alone see the case for some hours, 24 at most, although no consent lets them.

    Each opening is told to the ministries and the patient at once and waits for its review. Raises NotKnown, Denied,
    IllegalTransition where there is nothing to open, Invalid with `reason` or `hours`.
    """
    referral = lock(referral_id, by=by)
    if (hindrance := why_not_open(by, referral)) is not None:
        raise hindrance.error()
    assert by.user_id is not None, "only a person is let through"
    said = _reason(reason, hours)
    now = timezone.now()
    opened = EmergencyAccess.objects.create(
        referral=referral,
        facility_id=by.organisation_id,
        user_id=by.user_id,
        opened_by_label=f"{by.label}, {by.organisation_name}"[:300],
        opened_at=now,
        until=now + timedelta(hours=hours),
        reason=said,
        review_due_at=now + REVIEW_WITHIN,
    )
    # Not a change of the case itself: nobody who edits it meanwhile is stopped by it.
    Referral.objects.filter(pk=referral.pk).update(emergency_opened_at=now)
    _trace("referral.emergency_opened", opened, by=by)
    publish(EMERGENCY_OPENED, subject=referral, payload={"access": opened.pk}, by=by)
    return opened


def why_not_open(actor: Actor, referral: Referral) -> Hindrance | None:
    """What keeps the actor from opening the case in an emergency; None when nothing does."""
    if actor.user_id is None or not emergency.is_treating(actor, referral):
        return Hindrance("not_treating", emergency.NOT_TREATING, denied=True)
    if EmergencyAccess.objects.filter(
        referral_id=referral.pk, user_id=actor.user_id, until__gt=timezone.now()
    ).exists() or access.sees_clinical(actor, referral):
        return Hindrance("open_already", emergency.OPEN_ALREADY)
    home = referral.directing_country_id
    leaving = Policies(actor.country).kinds(home, TransferPurpose.EMERGENCY, today_in(home))
    if DataKind.CARE not in leaving:
        return Hindrance("law_forbids", emergency.LAW_FORBIDS)
    return None


@action
def review_emergency_access(
    referral_id: UUID | str, *, by: Actor, access_id: int, verdict: str, review_text: str
) -> EmergencyAccess:
    """Say whether an opening was justified, once. An officer or coordinator of the directing country does.

    Raises NotKnown, Denied, IllegalTransition for one that was reviewed, Invalid with `verdict` or `review_text`.
    """
    referral = lock(referral_id, by=by)
    if not emergency.reviews(by, referral):
        raise Denied(emergency.NOT_REVIEWER)
    rows = EmergencyAccess.objects.select_for_update().filter(referral_id=referral.pk, pk=access_id)
    opened = rows.first()
    if opened is None:
        raise NotKnown()
    if opened.reviewed_at is not None:
        raise IllegalTransition(_("This emergency access was reviewed already."), code="reviewed")
    wrong: dict[str, list[Text]] = {}
    if verdict not in EmergencyAccess.Verdict.values:
        wrong["verdict"] = [_("Say whether it was justified.")]
    text = review_text.strip()
    if not text or stands_for_none(text):
        wrong["review_text"] = [_("Say what you found, and what follows from it.")]
    elif len(text) > _LONGEST:
        wrong["review_text"] = [
            _("The text is too long: use at most %(count)s characters.") % {"count": _LONGEST}
        ]
    if wrong:
        raise Invalid(wrong)
    opened.verdict, opened.review_text = verdict, text
    opened.reviewed_at, opened.reviewed_by_id = timezone.now(), by.user_id
    opened.reviewed_by_label = f"{by.label}, {by.organisation_name}"[:300]
    opened.save()
    _trace("referral.emergency_reviewed", opened, by=by)
    publish(EMERGENCY_REVIEWED, subject=referral, payload={"access": opened.pk}, by=by)
    return opened


def _reason(reason: str, hours: int) -> str:
    wrong: dict[str, list[Text]] = {}
    said = reason.strip()
    if not said or stands_for_none(said):
        wrong["reason"] = [_("Say what the emergency is, and why the patient can’t be asked.")]
    elif len(said) > _LONGEST:
        wrong["reason"] = [_("The text is too long: use at most %(count)s characters.") % {"count": _LONGEST}]
    if not 1 <= hours <= MOST_HOURS:
        wrong["hours"] = [_("Choose 1 to 24 hours.")]
    if wrong:
        raise Invalid(wrong)
    return said


def _trace(what: str, opened: EmergencyAccess, *, by: Actor) -> None:
    """A row of the audit log for both countries; the words stand in the row itself alone."""
    referral = opened.referral
    details = {"access": opened.pk, "until": opened.until.isoformat(), "verdict": opened.verdict}
    for country in sorted({referral.directing_country_id, referral.host_country_id or ""} - {""}):
        record(what, by=by, subject=referral, country=country, details=details)
