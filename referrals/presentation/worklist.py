"""A clinician's worklist: what needs me now, what waits for others, what is over."""

from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.outbox.inbox import visible_messages
from core.outbox.messages import words_of
from referrals import access
from referrals.models import Priority, Referral
from referrals.states import OVER_STATES, AuthorisationState, ReferralState

MINE, OTHERS, OVER = "mine", "others", "over"
TABS = (MINE, OTHERS, OVER)
MOST_NEWS = 3
_URGENCY = (Priority.STAT, Priority.ASAP, Priority.URGENT, Priority.ROUTINE)


def own_referrals(actor: Actor) -> QuerySet[Referral]:
    """What the actor's facility files, without drafts that were thrown away."""
    discarded = Q(state=ReferralState.ENTERED_IN_ERROR, submitted_at__isnull=True)
    return (
        access.visible_referrals(actor).filter(directing_facility_id=actor.organisation_id).exclude(discarded)
    )


def conditions(now: datetime) -> dict[str, Q]:
    """A condition for each tab; together they hold every referral exactly once, as `next_step` sorts them."""
    appeal_open = Q(
        state=ReferralState.REFUSED,
        authorisation__state=AuthorisationState.REFUSED,
        authorisation__appeal_due_at__gt=now,
    )
    appealed = Q(state=ReferralState.REFUSED, authorisation__state=AuthorisationState.APPEALED)
    waiting_for_me = [ReferralState.DRAFT, ReferralState.INFO_REQUESTED, ReferralState.DISCHARGED]
    mine = Q(state__in=waiting_for_me) | appeal_open
    ended = OVER_STATES - {ReferralState.REFUSED}
    refused = Q(state=ReferralState.REFUSED)
    over = Q(state__in=sorted(ended)) | (refused & ~appeal_open & ~appealed)
    going = Q(state__in=sorted(frozenset(ReferralState) - OVER_STATES - set(waiting_for_me)))
    return {MINE: mine, OTHERS: going | appealed, OVER: over}


def counts(referrals: QuerySet[Referral], now: datetime) -> dict[str, int]:
    """How many stand under each tab, in one query."""
    return referrals.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions(now).items()}
    )


def under(tab: str, referrals: QuerySet[Referral], now: datetime | None = None) -> QuerySet[Referral]:
    """The tab's referrals in its order: what needs me by urgency, then by how long it has waited."""
    rows = referrals.filter(conditions(now or timezone.now())[tab])
    if tab == OVER:
        return rows.order_by("-over_at", "-pk")
    if tab == OTHERS:
        return rows.order_by("-state_since", "-pk")
    urgency = Choose(
        *(When(priority=priority, then=Value(place)) for place, priority in enumerate(_URGENCY)),
        output_field=IntegerField(),
    )
    draft = Choose(
        When(state=ReferralState.DRAFT, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    return rows.order_by(draft, urgency, "state_since", "pk")


def news(actor: Actor) -> list[dict[str, Any]]:
    """The newest unread messages: dicts of id, kind, label, number, text, at."""
    rows = []
    for message in visible_messages(actor).filter(read_at__isnull=True)[:MOST_NEWS]:
        kind, label = ("warn", _("Needs you")) if message.needs_action else ("info", _("News"))
        rows.append(
            {
                "id": message.pk,
                "kind": kind,
                "label": label,
                "number": message.params.get("number", ""),
                "text": words_of(message).body,
                "at": message.created_at,
            }
        )
    return rows
