"""What the clinician may do after filing without withdrawing: add evidence, raise the urgency, change the host."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import SYSTEM, Actor
from core.db import action
from core.errors import Invalid, Text
from core.placeholders import stands_for_none
from facilities.models import Facility
from referrals import stages
from referrals.actions.drafting import add_evidence as write_evidence
from referrals.actions.filing import host_reply_due, mark_sent
from referrals.actions.rehosting import assign_host
from referrals.actions.road import check, lock, move, require_text
from referrals.content import consent_problem, need_problem
from referrals.legal_basis import basis_of
from referrals.models import EvidenceItem, Priority, Referral
from referrals.states import (
    BEFORE_SENDING,
    AuthorisationEvent,
    AuthorisationState,
    ReferralEvent,
    ReferralState,
)

__all__ = ["add_evidence", "change_host", "raise_urgency"]

MOST_EVIDENCE = 50
#: From the least to the most urgent.
URGENCY = (Priority.ROUTINE, Priority.URGENT, Priority.ASAP, Priority.STAT)


def more_urgent(than: str) -> list[Priority]:
    """The priorities above this one."""
    return list(URGENCY[URGENCY.index(Priority(than)) + 1 :])


@action
def add_evidence(
    referral_id: UUID | str,
    *,
    by: Actor,
    dated_on: date,
    author: str,
    text: str,
    kind: str = EvidenceItem.Kind.SPECIALIST_REPORT,
    author_position: str = "",
    version: int | None = None,
) -> Referral:
    """Add a report or other evidence to a filed referral; what was filed stays beside it."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ADD_EVIDENCE, by=by)
    evidence = {
        "kind": kind,
        "dated_on": dated_on,
        "author": author.strip(),
        "author_position": author_position,
        "text": text.strip(),
    }
    if kind not in EvidenceItem.Kind.values:
        raise Invalid({"kind": [_("Choose the kind of evidence.")]})
    if author_position not in ("", *EvidenceItem.Position.values):
        raise Invalid({"author_position": [_("Choose the position of the author.")]})
    if referral.evidence.count() >= MOST_EVIDENCE:
        raise Invalid({"": [_("A referral holds %(count)s documents at most.") % {"count": MOST_EVIDENCE}]})
    write_evidence(referral, evidence, by=by, field="")
    move(referral, ReferralEvent.ADD_EVIDENCE, by=by)
    return referral


@action
def raise_urgency(
    referral_id: UUID | str,
    *,
    by: Actor,
    priority: str,
    reason_text: str,
    triage_note: str = "",
    emergency_ground: str = "",
    needed_by: date | None = None,
    version: int | None = None,
) -> Referral:
    """Make a filed referral more urgent. Time limits become shorter, never longer.

    One that becomes an emergency before the ministry has decided needs no authorisation any more: it goes to the host
    at once, as if it had been filed so.
    """
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.RAISE_URGENCY, by=by)
    text = _why(referral, priority, reason_text, needed_by)
    now = timezone.now()
    referral.priority = priority
    referral.needed_by = needed_by or referral.needed_by
    at_once = priority == Priority.STAT and referral.state in BEFORE_SENDING
    if priority == Priority.STAT:
        _require_emergency(referral, triage_note, emergency_ground)
    if at_once:
        _under_the_emergency_agreement(referral)
    elif referral.state in BEFORE_SENDING:
        _hurry_decision(referral, now)
    elif referral.state == ReferralState.SENT and referral.host_reply_due_at is not None:
        referral.host_reply_due_at = min(referral.host_reply_due_at, host_reply_due(referral, now))
    move(referral, ReferralEvent.RAISE_URGENCY, by=by, reason_code=priority, reason_text=text)
    if at_once:
        stages.start_clock(referral.authorisation, referral, now, None)
        referral.authorisation.stopped_at = None
        move(referral, AuthorisationEvent.WAIVE, by=SYSTEM)
        mark_sent(referral, now)
        move(referral, ReferralEvent.SEND_AT_ONCE, by=SYSTEM)
    return referral


def _why(referral: Referral, priority: str, reason_text: str, needed_by: date | None) -> str:
    """The reason's text; Invalid for what doesn't raise anything."""
    wrong: dict[str, list[Text]] = {}
    if priority not in more_urgent(referral.priority):
        wrong["priority"] = [_("Choose a priority that is more urgent than the present one.")]
    if not reason_text.strip() or stands_for_none(reason_text):
        wrong["reason_text"] = [_("Say what has changed, so that the care is more urgent now.")]
    if problem := need_problem(needed_by, today=zones.today()):
        wrong["needed_by"] = [problem]
    elif needed_by is not None and referral.needed_by is not None and needed_by > referral.needed_by:
        wrong["needed_by"] = [_("The new day must not be later than the one that was filed.")]
    if wrong:
        raise Invalid(wrong)
    return reason_text.strip()


def _require_emergency(referral: Referral, triage_note: str, emergency_ground: str) -> None:
    """What an emergency needs at filing, it needs now."""
    referral.triage_note = triage_note.strip() or referral.triage_note
    referral.emergency_ground = emergency_ground.strip() or referral.emergency_ground
    missing: dict[str, list[Text]] = {}
    if not referral.triage_note or stands_for_none(referral.triage_note):
        missing["triage_note"] = [_("An emergency needs a triage note: what threatens the patient’s life.")]
    problem = consent_problem(referral, today=zones.today())
    usable = referral.consent is not None and problem is None
    if not usable and (not referral.emergency_ground or stands_for_none(referral.emergency_ground)):
        missing["emergency_ground"] = [
            _("Record the patient’s consent, or the ground for acting without it in this emergency.")
        ]
    if missing:
        raise Invalid(missing)
    if not usable:
        # It goes on the ground: with such a consent the host would have a case that it may not read.
        referral.consent = None


def _under_the_emergency_agreement(referral: Referral) -> None:
    version = basis_of(referral)
    if version is None:
        raise Invalid({"priority": [_("No agreement covers emergency care between the two countries.")]})
    referral.agreement, referral.agreement_version = version.agreement, version


def _hurry_decision(referral: Referral, now: Any) -> None:
    """The decision's limit for the new priority from now on, unless the old one ends sooner."""
    authorisation = referral.authorisation
    due, stage = authorisation.due_at, stages.under_way(authorisation)
    assert stage is not None, "what waits for a decision has its stage"
    stages.start_clock(authorisation, referral, now, stage)
    if authorisation.state == AuthorisationState.CLOCK_STOPPED:
        authorisation.stopped_at = now
    if due is not None and authorisation.due_at is not None:
        authorisation.due_at = stage.due_at = min(due, authorisation.due_at)
    authorisation.save()
    stage.save(update_fields=["due_at"])


@action
def change_host(
    referral_id: UUID | str,
    *,
    by: Actor,
    host_facility: Facility | str,
    reason_text: str,
    version: int | None = None,
) -> Referral:
    """Name another host in the same country before one has accepted. A host that has the referral loses it and is told.

    `host_facility` is a facility or its code.
    """
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.CHANGE_HOST, by=by)
    text = require_text("reason_text", reason_text, _("Say why this hospital was chosen."))
    host = _facility(host_facility)
    if host.pk == referral.host_facility_id:
        raise Invalid({"host_facility": [_("The referral names this hospital already. Choose another one.")]})
    former = referral.host_facility_id if referral.state == ReferralState.SENT else None
    assign_host(referral, host)
    if former is not None:
        mark_sent(referral, timezone.now())
    details = {"former_host": former} if former is not None else {}
    move(referral, ReferralEvent.CHANGE_HOST, by=by, reason_text=text, details=details)
    return referral


def _facility(given: Facility | str) -> Facility:
    if isinstance(given, Facility):
        return given
    found = Facility.objects.filter(organisation__code=given).select_related("organisation").first()
    if found is None:
        raise Invalid({"host_facility": [_("The directory has no facility with this code.")]})
    return found
