"""Work in the background: outbox handlers and the beat's tasks. Importing this module registers the handlers."""

from celery import shared_task
from django.utils import timezone

from core.actors import SYSTEM
from core.db import as_actor
from core.outbox.models import Event
from core.outbox.registry import handler
from referrals import actions
from referrals.models import Authorisation
from referrals.states import IN_FORCE_STATES


@handler("referral.submit", "referral.answer", "referral.raise_urgency", name="referrals.check", atomic=False)
def check(event: Event, key: str) -> None:
    """Run the eligibility check in two steps, so that a reader sees it begin. Safe to repeat at any point."""
    if actions.begin_screening(event.subject_id, by=SYSTEM):
        actions.finish_screening(event.subject_id, by=SYSTEM)
    else:
        actions.check_emergency(event.subject_id, by=SYSTEM)


@shared_task(name="referrals.expire_authorisations")
def expire_authorisations() -> int:
    """Expire authorisations whose last day has passed before the patient was admitted. The number expired."""
    due = Authorisation.objects.filter(state__in=IN_FORCE_STATES, valid_until__lt=timezone.localdate())
    with as_actor(SYSTEM):
        ids = list(due.values_list("referral_id", flat=True))
    return sum(actions.expire(pk, by=SYSTEM) for pk in ids)
