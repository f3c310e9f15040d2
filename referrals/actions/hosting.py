"""The host hospital's part: accept with a date or decline, schedule, admit, discharge; and the way back."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.actors import Actor
from core.db import action
from core.errors import Invalid
from core.forms.text import STANDS_FOR_NONE
from core.outbox.models import Event
from core.outbox.publish import publish
from core.placeholders import says_nothing, stands_for_none
from facilities.models import Facility
from referrals.actions.filing import hold_patient, mark_sent
from referrals.actions.rehosting import assign_host
from referrals.actions.road import check, lock, move, require_text
from referrals.content import TOO_FAR_AHEAD, stay_mistakes
from referrals.events.noticed import HOST_SILENT
from referrals.models import Appointment, DischargeSummary, Referral
from referrals.models.hosting import MAX_STAY, ONE_PLACE
from referrals.states import ReferralEvent, ReferralState

__all__ = [
    "accept",
    "admit",
    "decline",
    "discharge",
    "re_route",
    "reschedule",
    "schedule",
    "tell_host_silent",
]


class DeclineReason(models.TextChoices):
    """Why a host declines."""

    NO_CAPACITY = "no_capacity", _("No place in time")
    NOT_OFFERED = "not_offered", _("The hospital does not offer this care")
    NOT_SUITABLE = "not_suitable", _("The care asked for does not suit the patient")
    INCOMPLETE = "incomplete", _("The clinical information is not enough")
    OTHER = "other_decline", _("Another reason")


@action
def accept(
    referral_id: UUID | str,
    *,
    by: Actor,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    note: str = "",
    version: int | None = None,
) -> Referral:
    """Accept and offer a date: an aware period, with a place where the host books by slots."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ACCEPT, by=by)
    offer(referral, (starts_at, ends_at), place, note, by=by, confirmed=False)
    move(referral, ReferralEvent.ACCEPT, by=by)
    return referral


@action
def decline(
    referral_id: UUID | str, *, by: Actor, reason_code: str, reason_text: str, version: int | None = None
) -> Referral:
    """Decline with a reason. The referral goes back to the directing ministry’s coordinator."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.DECLINE, by=by)
    if reason_code not in DeclineReason.values:
        raise Invalid({"reason_code": [_("Choose the reason.")]})
    text = require_text(
        "reason_text", reason_text, _("Explain the reason, so that another hospital can be found.")
    )
    move(referral, ReferralEvent.DECLINE, by=by, reason_code=reason_code, reason_text=text)
    return referral


@action
def schedule(
    referral_id: UUID | str,
    *,
    by: Actor,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    note: str = "",
    version: int | None = None,
) -> Referral:
    """Confirm the appointment: the date offered before or another."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.SCHEDULE, by=by)
    offer(referral, (starts_at, ends_at), place, note, by=by, confirmed=True)
    move(referral, ReferralEvent.SCHEDULE, by=by)
    return referral


@action
def reschedule(
    referral_id: UUID | str,
    *,
    by: Actor,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    note: str = "",
    version: int | None = None,
) -> Referral:
    """Move a confirmed appointment."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.RESCHEDULE, by=by)
    offer(referral, (starts_at, ends_at), place, note, by=by, confirmed=True)
    move(referral, ReferralEvent.RESCHEDULE, by=by)
    return referral


def offer(
    referral: Referral,
    period: tuple[datetime, datetime],
    place: str,
    note: str,
    *,
    by: Actor,
    confirmed: bool,
    said_at: datetime | None = None,
) -> None:
    """Write the period down as the active appointment in the place of another. Raises Invalid.

    `said_at` is the moment of the offer where somebody writes it down later.
    """
    starts_at, ends_at = period
    wrong = {
        name: [STANDS_FOR_NONE] for name, text in (("place", place), ("note", note)) if stands_for_none(text)
    }
    if wrong:
        raise Invalid(wrong)
    if timezone.is_naive(starts_at) or timezone.is_naive(ends_at):
        raise Invalid({"starts_at": [_("Give the time with its offset from UTC.")]})
    if ends_at <= starts_at:
        raise Invalid({"ends_at": [_("The end must be after the start.")]})
    if ends_at - starts_at > MAX_STAY:
        raise Invalid({"ends_at": [_("A stay lasts 180 days at most.")]})
    zone = referral.host_zone
    if timezone.localdate(starts_at, zone) < zones.today(zone):
        raise Invalid({"starts_at": [_("The date must not be in the past.")]})
    if ends_at <= (said_at or timezone.now()):
        raise Invalid({"ends_at": [_("The stay would be over already. Check the day and the time.")]})
    _inside_window(referral, starts_at)
    if timezone.localdate(starts_at, zone) > zones.today(zone) + days.PLANNED:
        raise Invalid({"starts_at": [TOO_FAR_AHEAD]})
    referral.appointments.filter(active=True).update(active=False)
    try:
        with transaction.atomic():
            Appointment.objects.create(
                referral=referral,
                facility_id=referral.host_facility_id,
                period=(starts_at, ends_at),
                place=place.strip(),
                note=note.strip(),
                confirmed=confirmed,
                offered_by_label=by.label,
            )
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != ONE_PLACE:  # type: ignore[union-attr]
            raise
        raise Invalid(
            {"place": [_("This place is taken at that time. Choose another time or another place.")]}
        ) from error


def _inside_window(referral: Referral, starts_at: datetime) -> None:
    """A date outside the authorised window would leave nobody to pay."""
    authorisation = referral.authorisation
    if authorisation.valid_from is None or authorisation.valid_until is None:
        return
    if (
        not authorisation.valid_from
        <= timezone.localdate(starts_at, referral.host_zone)
        <= authorisation.valid_until
    ):
        raise Invalid(
            {
                "starts_at": [
                    _(
                        "The date must lie between %(first)s and %(last)s, as authorised. "
                        "Ask the directing ministry to extend the authorisation if it can’t."
                    )
                    % {
                        "first": date_format(authorisation.valid_from),
                        "last": date_format(authorisation.valid_until),
                    }
                ]
            }
        )


@action
def admit(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """The patient has arrived and is in care. Planned care needs an authorisation in force."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ADMIT, by=by)
    move(referral, ReferralEvent.ADMIT, by=by)
    return referral


@action
def discharge(
    referral_id: UUID | str,
    *,
    by: Actor,
    admitted_on: date,
    discharged_on: date,
    care_given: str,
    outcome: str,
    advice: str,
    version: int | None = None,
) -> Referral:
    """End the care with a summary for the directing clinician."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.DISCHARGE, by=by)
    hold_patient(referral)
    if wrong := stay_mistakes(admitted_on, discharged_on, referral, today=zones.today(referral.host_zone)):
        raise Invalid(wrong)
    DischargeSummary.objects.create(
        referral=referral,
        admitted_on=admitted_on,
        discharged_on=discharged_on,
        care_given=require_text("care_given", care_given, _("Say which care was given.")),
        outcome=require_text("outcome", outcome, _("Say how the patient left.")),
        advice=require_text(
            "advice",
            advice,
            _("Say what is to be done at home, or that nothing is."),
            says_none=says_nothing,
        ),
        written_by_label=by.label,
    )
    referral.appointments.filter(active=True).update(active=False)
    move(referral, ReferralEvent.DISCHARGE, by=by)
    return referral


@action
def re_route(
    referral_id: UUID | str,
    *,
    by: Actor,
    host_facility: Facility,
    reason_text: str,
    version: int | None = None,
) -> Referral:
    """After a decline, or when the host let its time pass, send the referral to another host in the same country.

    The authorisation follows it; a host that didn't answer loses it and is told.
    """
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.RE_ROUTE, by=by)
    text = require_text("reason_text", reason_text, _("Say why this hospital was chosen."))
    if host_facility.pk == referral.host_facility_id:
        raise Invalid(
            {"host_facility": [_("This hospital has declined, or let its time pass. Choose another one.")]}
        )
    details = {"former_host": referral.host_facility_id} if referral.state == ReferralState.SENT else {}
    assign_host(referral, host_facility)
    mark_sent(referral, timezone.now())
    move(referral, ReferralEvent.RE_ROUTE, by=by, reason_text=text, details=details)
    return referral


@action
def tell_host_silent(referral_id: UUID | str, *, by: Actor) -> bool:
    """Let everybody concerned know, once for each sending, that the host's time has passed. False when it hasn't."""
    referral = lock(referral_id, by=by)
    due = referral.host_reply_due_at
    if referral.state != ReferralState.SENT or due is None or timezone.now() <= due:
        return False
    said = Event.objects.filter(kind=HOST_SILENT, subject_id=str(referral.pk))
    if said.filter(created_at__gte=referral.sent_at).exists():
        return False
    publish(HOST_SILENT, subject=referral, by=by)
    return True
