"""With which body a decision is now, and who works there: asked by access rules, lists and notices alike."""

from typing import Any

from django.db.models import Q

from core.actors import Actor
from core.permissions import Permission


def has_it(actor: Actor, referral: Any) -> bool:
    """Whether the decision is with the actor's body now: a certain one, or the ministry of a country."""
    if referral.deciding_body_id is not None:
        decides = actor.has(Permission.APPROVE) or actor.has(Permission.DECIDE)
        return decides and actor.organisation_id == referral.deciding_body_id
    return bool(
        referral.deciding_country
        and actor.has(Permission.DECIDE)
        and actor.country == referral.deciding_country
    )


def with_body_of(actor: Actor) -> Q:
    """The referrals whose decision is with the actor's body now, by the rule of `has_it`."""
    found = Q(pk__in=())
    for one in bodies_of(actor):
        found |= one
    return found


def bodies_of(actor: Actor) -> list[Q]:
    """The same in parts that have an index each: the very organisation, and the ministry of a country."""
    parts = [Q(deciding_body_id=actor.organisation_id)]
    if actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE):
        parts.append(Q(deciding_body__isnull=True, deciding_country=actor.country))
    return parts


def decides_somewhere(actor: Actor) -> bool:
    """Whether the actor works on decisions at all: at a ministry, or at another body of a chain."""
    return any(
        actor.has(permission) for permission in (Permission.DECIDE, Permission.COORDINATE, Permission.APPROVE)
    )
