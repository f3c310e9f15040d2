"""What else an actor can do with a referral, as links in whole phrases."""

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from referrals.events import BY_NAME, WITH_PAGE
from referrals.guards import open_events
from referrals.models import Referral
from referrals.states import AuthorisationEvent

#: The page of decisions: one link for all that an officer can choose there.
DECIDE = "decide"
#: The events of which at least one is open to who decides there.
_DECISIONS = frozenset({AuthorisationEvent.PARTLY_GRANT, AuthorisationEvent.SIGN_SECOND})
DECIDE_PHRASE = _("Decide this case")


def links(actor: Actor, case: Any, *, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """Dicts of `event`, `url`, `text` and `danger` for everything that the actor can do now; `without` leaves some out.

    `case` is a referral or has one as `referral`.
    """
    referral: Referral = getattr(case, "referral", case)
    return [link(name, referral) for name in offered(actor, referral) if name not in without]


def offered(actor: Actor, referral: Referral) -> list[str]:
    """The pages that the actor can use now: `decide`, then the events that are open and have a page of their own."""
    possible = open_events(actor, referral)
    decide = [DECIDE] if _DECISIONS.intersection(possible) else []
    return decide + [record.name for record in WITH_PAGE if record.name in possible]


def link(name: str, referral: Referral) -> dict[str, Any]:
    """The link to a page of `offered`."""
    if name == DECIDE:
        url = reverse("referrals:decide", args=[referral.pk])
        return {"event": name, "url": url, "text": DECIDE_PHRASE, "danger": False}
    page = BY_NAME[name].page
    assert page is not None, f"{name} has no page"
    url = reverse("referrals:step", args=[referral.pk, name])
    return {"event": name, "url": url, "text": page.phrase, "danger": page.ends}
