"""A clinician's worklist: what needs me now, what waits for others, what is over."""

from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from core.actors import Actor
from referrals import access
from referrals.models import Priority, Referral
from referrals.states import OVER_STATES, AuthorisationState, ReferralState

MINE, OTHERS, OVER = "mine", "others", "over"
TABS = (MINE, OTHERS, OVER)
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
    urgency = Case(
        *(When(priority=priority, then=Value(place)) for place, priority in enumerate(_URGENCY)),
        output_field=IntegerField(),
    )
    draft = Case(
        When(state=ReferralState.DRAFT, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    return rows.order_by(draft, urgency, "state_since", "pk")
