"""Work in the background: outbox handlers and the beat's tasks. Importing this module registers the handlers."""

from datetime import date
from zoneinfo import ZoneInfo

from celery import shared_task
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from core import zones
from core.actors import SYSTEM
from core.db import as_actor
from core.outbox.models import Event
from core.outbox.publish import add_jobs, publish
from core.outbox.registry import handler
from facilities.actions import FACILITY_FACTS
from patients.events import DIED, PATIENT_FACTS
from referrals import actions
from referrals.events.noticed import CONSENT_ENDED, HOST_SILENT
from referrals.models import Authorisation, Referral
from referrals.states import ACTIVE_STATES, CHECKED_STATES, IN_FORCE_STATES, ReferralState

CHECK_AGAIN = "referrals.check_again"


@handler("referral.submit", "referral.answer", "referral.raise_urgency", name="referrals.check", atomic=False)
def check(event: Event, key: str) -> None:
    """Run the eligibility check in two steps, so that a reader sees it begin. Safe to repeat at any point."""
    if actions.begin_screening(event.subject_id, by=SYSTEM):
        actions.finish_screening(event.subject_id, by=SYSTEM)
    else:
        actions.check_emergency(event.subject_id, by=SYSTEM)


#: Events by which a referral itself brings facts that no check has read yet.
OWN_FACTS = ("referral.add_evidence", "referral.change_host", "referral.raise_urgency", "referral.re_route")


@handler(
    PATIENT_FACTS,
    "consent.recorded",
    "consent.withdrawn",
    FACILITY_FACTS,
    *OWN_FACTS,
    name="referrals.facts_changed",
)
def facts_changed(event: Event, key: str) -> None:
    """Have every open referral checked again that a changed fact concerns, one job each: a host has thousands."""
    concerned = Referral.objects.filter(state__in=CHECKED_STATES)
    if event.kind in OWN_FACTS:
        concerned = concerned.filter(pk=event.subject_id)
    elif event.kind == FACILITY_FACTS:
        concerned = concerned.filter(host_facility_id=int(event.subject_id))
    else:
        concerned = concerned.filter(patient_id=event.payload.get("patient") or event.subject_id)
    ids = concerned.order_by("pk").values_list("pk", flat=True)
    add_jobs(event, handler=CHECK_AGAIN, keys=[str(pk) for pk in ids])


@handler("consent.withdrawn", name="referrals.consent_withdrawn")
def tell_of_withdrawal(event: Event, key: str) -> None:
    """Let everybody who works on a referral that rests on this consent know that it has ended."""
    resting = Referral.objects.filter(consent_id=int(event.subject_id), sent_at__isnull=False)
    for referral in resting.exclude(state=ReferralState.ENTERED_IN_ERROR).order_by("pk"):
        publish(CONSENT_ENDED, subject=referral, by=SYSTEM)


@handler(name=CHECK_AGAIN, atomic=False)
def check_again(event: Event, key: str) -> None:
    """Run the rules once more for one referral. Repeated, it finds the same and writes nothing."""
    actions.check_again(key, by=SYSTEM)


@handler(DIED, name="referrals.follow_death", atomic=False)
def follow_death(event: Event, key: str) -> None:
    """End, or flag, the dead patient's other referrals. Safe to repeat."""
    with as_actor(SYSTEM):
        active = Referral.objects.filter(patient_id=event.subject_id, state__in=ACTIVE_STATES)
        ids = list(active.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        actions.follow_death(pk, by=SYSTEM)


@shared_task(name="referrals.expire_authorisations")
def expire_authorisations() -> int:
    """Expire authorisations whose last day has passed before the patient was admitted. The number expired."""
    due = Authorisation.objects.filter(state__in=IN_FORCE_STATES, valid_until__lt=_latest_day())
    with as_actor(SYSTEM):
        ids = list(due.values_list("referral_id", flat=True))
    return sum(actions.expire(pk, by=SYSTEM) for pk in ids)


@shared_task(name="referrals.tell_silent_hosts")
def tell_silent_hosts() -> int:
    """Tell of each host whose time to answer has passed; the number told. A beat that slept for an hour lost none."""
    late = Referral.objects.filter(state=ReferralState.SENT, host_reply_due_at__lt=timezone.now())
    told = Event.objects.filter(kind=HOST_SILENT, created_at__gte=OuterRef("sent_at"))
    untold = ~Exists(told.filter(subject_id=Cast(OuterRef("pk"), CharField())))
    with as_actor(SYSTEM):
        ids = list(late.filter(untold).order_by("host_reply_due_at", "pk").values_list("pk", flat=True)[:500])
    return sum(actions.tell_host_silent(pk, by=SYSTEM) for pk in ids)


def _latest_day() -> date:
    """The day where it is furthest; the action looks at the directing country's own."""
    return max(timezone.localdate(timezone=ZoneInfo(name)) for name, _words in zones.CHOICES)
