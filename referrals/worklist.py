"""A clinician's worklist: what needs me now, what waits for others, what is over."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from core import listed
from core.actors import Actor
from core.listed import Listed
from referrals import access, search
from referrals.models import Referral
from referrals.models.listed import Turn

MINE, OTHERS, OVER = "mine", "others", "over"
TABS = (MINE, OTHERS, OVER)
#: What needs me by urgency, drafts last, then by how long it has waited.
_ORDERS = {
    MINE: ("rank", "state_since", "pk"),
    OTHERS: ("-state_since", "-pk"),
    OVER: ("-over_at", "-pk"),
}


def own_referrals(actor: Actor) -> QuerySet[Referral]:
    """What the actor's facility files, without drafts that were thrown away."""
    own = access.visible_referrals(actor).filter(directing_facility_id=actor.organisation_id)
    return own.exclude(turn=Turn.GONE)


def found(actor: Actor, text: str) -> Listed[Referral]:
    """What the actor's facility files, narrowed to what a text means."""
    return search.found(Listed((own_referrals(actor),), _ORDERS[OTHERS]), text, actor)


def counts(own: Listed[Referral], now: datetime) -> Mapping[str, int]:
    """How many stand under each tab, as far as a tab says it, in one query."""
    return listed.counts({tab: under(tab, own, now) for tab in TABS})


def under(tab: str, own: Listed[Referral], now: datetime | None = None) -> Listed[Referral]:
    """The tab's referrals in its order. The tabs hold every referral exactly once, as `next_step` sorts them."""
    moment = now or timezone.now()
    parts = {
        MINE: (Q(turn=Turn.MINE), Q(turn=Turn.REFUSED, appeal_until__gt=moment)),
        OTHERS: (Q(turn=Turn.OTHERS),),
        OVER: (Q(turn=Turn.OVER), Q(turn=Turn.REFUSED, appeal_until__lte=moment)),
    }
    branches = tuple(branch.filter(part) for part in parts[tab] for branch in own.branches)
    return Listed(branches, _ORDERS[tab])
