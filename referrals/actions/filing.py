"""Filing: a complete draft becomes a referral with a number, a legal basis and a running clock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.access import zone_of
from portal.core.actors import SYSTEM, Actor
from portal.core.db import action
from portal.core.errors import Invalid, Text
from referrals import agreements, clocks
from referrals.actions.drafting import start_draft
from referrals.actions.road import check, lock, move
from referrals.models import Authorisation, Referral, ReferralNumber
from referrals.states import ACTIVE_STATES, AuthorisationState, ReferralEvent

_REQUIRED: dict[str, Text] = {
    "specialty": _("Choose the specialty that is needed."),
    "service": _("Say which service is needed."),
    "care_mode": _("Choose the form of care."),
    "diagnosis": _("Choose the diagnosis."),
    "clinical_reason": _("Give the clinical reason."),
    "goal": _("Say what the treatment should achieve."),
    "host_facility": _("Choose the hospital across the border."),
    "payer": _("Say who pays."),
}


@action
def submit(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """File a complete draft. Raises Invalid with every field that is missing or wrong.

    An emergency (stat) goes to the host in the same transaction; the check and the ministry's review follow.
    """
    return _submit(lock(referral_id, by=by, version=version), by=by)


@action
def file_new(
    *, patient_id: UUID | str, by: Actor, content: dict[str, Any], evidence: dict[str, Any] | None = None
) -> Referral:
    """Start a draft and file it in one transaction: all or nothing. Raises what `start_draft` and `submit` raise."""
    # Nobody else can know of the new row yet, so it needs no lock.
    return _submit(start_draft(patient_id=patient_id, by=by, content=content, evidence=evidence), by=by)


def _submit(referral: Referral, *, by: Actor) -> Referral:
    check(referral, ReferralEvent.SUBMIT, by=by)
    _require_complete(referral)
    _refuse_second(referral)
    now = timezone.now()
    referral.agreement = agreements.choose(
        directing_country=referral.directing_country_id,
        host_country=referral.host_country_id or "",
        emergency=referral.is_emergency,
        day=now.date(),
    )
    if referral.agreement is None:
        raise Invalid({"host_facility": [_("No agreement covers this care between the two countries.")]})
    referral.number = _next_number(referral, now)
    referral.submitted_at = now
    referral.filed_by_id = by.user_id
    referral.filed_by_label = by.label
    referral.draft_text = {}
    _start_authorisation(referral, now)
    try:
        with transaction.atomic():
            move(referral, ReferralEvent.SUBMIT, by=by)
    except IntegrityError as error:  # two drafts of one care, filed at the same moment
        raise Invalid({"": [_("This patient already has an active referral for the same care.")]}) from error
    if referral.is_emergency:
        mark_sent(referral, now)
        move(referral, ReferralEvent.SEND_AT_ONCE, by=SYSTEM)
    return referral


def mark_sent(referral: Referral, now: datetime) -> None:
    """Set the moment of sending and the host's time limit on the referral, unsaved."""
    zone = zone_of(referral.directing_country_id)
    referral.sent_at = now
    referral.host_reply_due_at = clocks.HOST_REPLY[referral.priority].after(now, zone)


def missing_fields(referral: Referral) -> dict[str, list[Text]]:
    """What a draft still needs before it can be filed, by field."""
    missing: dict[str, list[Text]] = {
        name: [message] for name, message in _REQUIRED.items() if not getattr(referral, name)
    }
    if referral.is_emergency:
        if not referral.triage_note:
            missing["triage_note"] = [
                _("An emergency needs a triage note: what threatens the patient’s life.")
            ]
        if referral.consent is None and not referral.emergency_ground:
            missing["emergency_ground"] = [
                _("Record the patient’s consent, or the ground for acting without it in this emergency.")
            ]
    else:
        if referral.needed_by is None:
            missing["needed_by"] = [_("Give the date by which the care is needed.")]
        if referral.consent is None:
            missing["consent"] = [_("Record the patient’s consent to pass their data to the host country.")]
        if not referral.evidence.exists():
            missing["report"] = [_("Add the specialist’s report.")]
        if referral.patient.is_unknown:
            missing["patient"] = [
                _("Only an emergency can be filed for an unknown patient. Register who the patient is.")
            ]
    return missing


def _require_complete(referral: Referral) -> None:
    missing = missing_fields(referral)
    consent = referral.consent
    if consent is not None and (
        consent.patient_id != referral.patient_id
        or consent.recipient_country_id != referral.host_country_id
        or consent.withdrawn_at is not None
    ):
        missing["consent"] = [
            _("The consent doesn’t fit this patient and host country, or it was withdrawn.")
        ]
    if missing:
        raise Invalid(missing)


def _refuse_second(referral: Referral) -> None:
    other = (
        Referral.objects.filter(
            patient_id=referral.patient_id,
            specialty=referral.specialty,
            diagnosis_id=referral.diagnosis_id,
            state__in=ACTIVE_STATES,
        )
        .values_list("number", flat=True)
        .first()
    )
    if other:
        raise Invalid(
            {
                "": [
                    _("This patient already has an active referral for the same care: %(number)s.")
                    % {"number": other}
                ]
            }
        )


def _next_number(referral: Referral, now: datetime) -> str:
    """Country, two digits of the year in the directing country's zone, and a serial of six: KZ-26-004817."""
    year = now.astimezone(zone_of(referral.directing_country_id)).year
    serial = ReferralNumber.take_next(referral.directing_country_id, year)
    return f"{referral.directing_country_id}-{year % 100:02d}-{serial:06d}"


def _start_authorisation(referral: Referral, now: datetime) -> None:
    state = AuthorisationState.NOT_REQUIRED if referral.is_emergency else AuthorisationState.PENDING
    authorisation = Authorisation(referral=referral, state=state)
    start_clock(authorisation, referral, now)
    authorisation.save()


def start_clock(authorisation: Authorisation, referral: Referral, now: datetime) -> None:
    """Set the decision's time limits from `now` on the authorisation, unsaved; for an emergency, its review's."""
    zone = zone_of(referral.directing_country_id)
    limit = clocks.DECISION[referral.priority] or clocks.REVIEW_OF_EMERGENCY
    authorisation.clock_started_at = now
    authorisation.due_at = limit.after(now, zone)
    authorisation.stopped_seconds = 0
    authorisation.hard_due_at = (
        now + timedelta(days=clocks.HARD_STOP_DAYS) if referral.priority == "routine" else None
    )
