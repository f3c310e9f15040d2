"""Work in the background: outbox handlers and the beat's tasks. Importing this module registers the handlers."""

import logging
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from celery import shared_task
from django.db.models import CharField, Exists, OuterRef, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from agreements.models import ABROAD_FACTS, AGREEMENT_FACTS
from core import zones
from core.actors import SYSTEM
from core.db import as_actor, transaction_for
from core.errors import IllegalTransition
from core.outbox.models import Event, Job
from core.outbox.publish import add_jobs, publish
from core.outbox.registry import handler
from disclosure.models import POLICY_FACTS
from facilities.actions import FACILITY_FACTS
from facilities.models import ALERT_FACTS, Country
from patients.events import DIED, PATIENT_FACTS
from referrals import actions, impact  # noqa: F401  what a version would change
from referrals.emergency import overdue
from referrals.events.noticed import CONSENT_ENDED, CONSENT_OVER, EMERGENCY_OVERDUE, HOST_SILENT
from referrals.models import Authorisation, Referral
from referrals.rechecks import DAY_TURNED, OWN_FACTS, SECONDS, concerned
from referrals.sight import WITH_HOST
from referrals.stages import overdue as overdue_stages
from referrals.states import ACTIVE_STATES, CHECKED_STATES, IN_FORCE_STATES, ReferralState

FACTS_CHANGED, CHECK_AGAIN = "referrals.facts_changed", "referrals.check_again"
#: How many referrals one job checks again: a hundred take a few seconds of the lease.
BATCH = 100

logger = logging.getLogger(__name__)


@handler("referral.submit", "referral.answer", "referral.raise_urgency", name="referrals.check", atomic=False)
def check(event: Event, key: str) -> None:
    """Run the eligibility check in two steps, so that a reader sees it begin. Safe to repeat at any point."""
    if actions.begin_screening(event.subject_id, by=SYSTEM):
        actions.finish_screening(event.subject_id, by=SYSTEM)
    else:
        actions.check_emergency(event.subject_id, by=SYSTEM)


@handler(
    PATIENT_FACTS,
    "consent.recorded",
    "consent.withdrawn",
    FACILITY_FACTS,
    AGREEMENT_FACTS,
    POLICY_FACTS,
    ALERT_FACTS,
    ABROAD_FACTS,
    DAY_TURNED,
    *OWN_FACTS,
    *SECONDS,
    name=FACTS_CHANGED,
)
def facts_changed(event: Event, key: str) -> None:
    """Have every open referral checked again that a changed fact concerns: a job for each batch, however many.

    `key` is the last referral of the batch before; each batch asks for the next one.
    """
    ids = list(_after(concerned(event), key).values_list("pk", flat=True)[:BATCH])
    if not ids:
        return
    add_jobs(event, handler=CHECK_AGAIN, keys=[f"{ids[0]}:{ids[-1]}"])
    if len(ids) == BATCH:
        add_jobs(event, handler=FACTS_CHANGED, keys=[str(ids[-1])])


def _after(referrals: QuerySet[Referral], key: str) -> QuerySet[Referral]:
    return (referrals.filter(pk__gt=key) if key else referrals).order_by("pk")


@handler("consent.withdrawn", name="referrals.consent_withdrawn")
def tell_of_withdrawal(event: Event, key: str) -> None:
    """Let everybody who works on a referral that rests on this consent know that it has ended."""
    resting = Referral.objects.filter(consent_id=int(event.subject_id), sent_at__isnull=False)
    for referral in resting.exclude(state=ReferralState.ENTERED_IN_ERROR).order_by("pk"):
        publish(CONSENT_ENDED, subject=referral, by=SYSTEM)


@shared_task(name="referrals.tell_of_ended_consents")
def tell_of_ended_consents() -> int:
    """Tell, once, of each consent whose last day has passed while the host has the case; the number told.

    What is due is found by a query, so a beat that slept lost none. The day is the directing country's.
    """
    told = _told(CONSENT_OVER, "consent", of="pk", value="consent_id")
    with_host = sorted(WITH_HOST & ACTIVE_STATES)
    number = 0
    with transaction_for(SYSTEM):
        for country in Country.objects.order_by("pk"):
            today = zones.today(ZoneInfo(country.time_zone))
            rows = Referral.objects.filter(
                ~Exists(told),
                state__in=with_host,
                directing_country=country,
                consent__valid_to__lt=today,
                consent__withdrawn_at__isnull=True,
                consent__superseded_by__isnull=True,
            )
            # Locked, so that two beats don't both tell.
            for referral in rows.select_for_update(of=("self",)).order_by("consent__valid_to", "pk")[:500]:
                publish(CONSENT_OVER, subject=referral, payload={"consent": referral.consent_id}, by=SYSTEM)
                number += 1
    return number


def _told(kind: str, name: str, *, of: str, value: str) -> QuerySet[Event]:
    """The events of a kind on the referral `of` an outer row whose payload's `name` is its `value`."""
    rows = Event.objects.filter(kind=kind, subject_id=Cast(OuterRef(of), CharField()))
    return rows.annotate(said=KeyTextTransform(name, "payload")).filter(
        said=Cast(OuterRef(value), TextField())
    )


@shared_task(name="referrals.remind_of_emergency_reviews")
def remind_of_emergency_reviews() -> int:
    """Remind the ministry, once, of each emergency access that nobody reviewed in time; the number reminded of."""
    told = _told(EMERGENCY_OVERDUE, "access", of="referral_id", value="pk")
    with transaction_for(SYSTEM):
        rows = overdue().filter(~Exists(told)).select_for_update(of=("self",)).select_related("referral")
        late = list(rows.order_by("review_due_at", "pk")[:500])
        for opened in late:
            publish(EMERGENCY_OVERDUE, subject=opened.referral, payload={"access": opened.pk}, by=SYSTEM)
    return len(late)


@handler(name=CHECK_AGAIN, atomic=False)
def check_again(event: Event, key: str) -> None:
    """Run the rules once more for a batch, `first:last`. Repeated, they find the same and write nothing.

    One referral that can't be checked keeps no other from it: the job fails at its end, and is tried again.
    """
    first, _colon, last = key.partition(":")
    with as_actor(SYSTEM):
        batch = concerned(event).filter(pk__gte=first, pk__lte=last or first)
        ids = list(batch.order_by("pk").values_list("pk", flat=True)[:BATCH])
    failed: list[Exception] = []
    for pk in ids:
        try:
            actions.check_again(pk, by=SYSTEM)
        except Exception as error:  # the others of the batch don't wait for it
            logger.exception("referral %s could not be checked again", pk)
            failed.append(error)
    if failed:
        raise failed[0]


@handler("consent.recorded", name="referrals.follow_consent", atomic=False)
def follow_consent(event: Event, key: str) -> None:
    """Let the patient's referrals rest on a new consent where that is the better one. Safe to repeat."""
    with as_actor(SYSTEM):
        active = Referral.objects.filter(patient_id=event.payload["patient"], state__in=ACTIVE_STATES)
        ids = list(active.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        actions.take_consent(pk, by=SYSTEM)


@handler(DIED, name="referrals.follow_death", atomic=False)
def follow_death(event: Event, key: str) -> None:
    """End, or flag, the dead patient's other referrals. Safe to repeat."""
    with as_actor(SYSTEM):
        active = Referral.objects.filter(patient_id=event.subject_id, state__in=ACTIVE_STATES)
        ids = list(active.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        actions.follow_death(pk, by=SYSTEM)


@shared_task(name="referrals.follow_calendar")
def follow_calendar() -> int:
    """Have referrals checked again on which the calendar alone bears: a coverage ended, a consent began, overnight.

    The day is the directing country's. What is due is found by its day, so a beat that was dead for a week misses
    none; while a country's last round is under way no other begins. The number of rounds begun.
    """
    begun = 0
    with as_actor(SYSTEM):
        for country in Country.objects.order_by("pk"):
            today = zones.today(ZoneInfo(country.time_zone))
            due = Referral.objects.filter(
                state__in=CHECKED_STATES, directing_country=country, recheck_on__lte=today
            )
            # A job that failed before is left to its own next attempt, and holds no round up.
            rounds = Job.objects.filter(
                finished_at=None, failed_at=None, attempts__lt=2, event__kind=DAY_TURNED
            )
            if due.exists() and not rounds.filter(event__subject_id=country.pk).exists():
                publish(DAY_TURNED, subject=country, payload={"day": today.isoformat()}, by=SYSTEM)
                begun += 1
    return begun


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


@shared_task(name="referrals.let_silence_grant")
def let_silence_grant() -> int:
    """Let silence grant where a body's time has passed and the agreement says so; how often it did.

    What is due is found by a query, so a beat that slept lost none.
    """
    with as_actor(SYSTEM):
        ids = list(overdue_stages().order_by("due_at", "pk").values_list("referral_id", flat=True)[:500])
    return sum(_grants_by_silence(pk) for pk in ids)


def _grants_by_silence(pk: UUID) -> bool:
    """A case that somebody moved on meanwhile keeps no other from its turn."""
    try:
        return actions.silence_grants(pk, by=SYSTEM)
    except IllegalTransition:
        return False


def _latest_day() -> date:
    """The day where it is furthest; the action looks at the directing country's own."""
    return max(zones.today(ZoneInfo(name)) for name, _words in zones.CHOICES)
