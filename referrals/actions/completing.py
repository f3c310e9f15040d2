"""What the clinician states of a filed referral for the rules: its circumstances, its estimate, a consilium."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import Actor
from core.db import action
from core.errors import Invalid
from core.prepared import insert
from referrals.actions.drafting import state
from referrals.actions.road import check, lock, move
from referrals.content import consilium_mistakes, mistakes_in
from referrals.models import Consilium, Referral
from referrals.models.circumstances import value_of
from referrals.states import ReferralEvent

__all__ = ["complete_facts", "record_consilium"]

MOST_CONSILIA = 20
#: Under this name the former estimates are kept with the circumstances.
ESTIMATE = "estimate"


@action
def complete_facts(
    referral_id: UUID | str,
    *,
    by: Actor,
    circumstances: dict[str, Any],
    estimate: tuple[Decimal, str] | None = None,
    version: int | None = None,
) -> Referral:
    """State circumstances of a filed referral anew, those that are named, or its estimate; the rules run again.

    What was stated before stays beside it, with who stated it when.
    """
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.COMPLETE_FACTS, by=by)
    content: dict[str, Any] = {"circumstances": circumstances}
    if wrong := mistakes_in(content, referral, today=zones.today()):
        raise Invalid(wrong)
    before = {name: value_of(referral.circumstances, name) for name in circumstances}
    asked = {name: value if value not in ("", []) else None for name, value in circumstances.items()}
    changed = {name: value for name, value in asked.items() if before[name] != value}
    new_estimate = estimate if estimate != _estimate(referral) else None
    if not changed and new_estimate is None:
        raise Invalid({"": [_("Nothing here differs from what is stated already.")]})
    if new_estimate is not None:
        _take_estimate(referral, new_estimate, by=by)
    state(referral, changed, by=by, keeps=True)
    move(referral, ReferralEvent.COMPLETE_FACTS, by=by)
    return referral


def _estimate(referral: Referral) -> tuple[Decimal, str] | None:
    if referral.estimate_amount is None:
        return None
    return referral.estimate_amount, referral.estimate_currency


def _take_estimate(referral: Referral, given: tuple[Decimal, str], *, by: Actor) -> None:
    if ESTIMATE not in referral.circumstances and (filed := _estimate(referral)) is not None:
        assert referral.submitted_at is not None, "it was filed"
        referral.circumstances = {
            **referral.circumstances,
            ESTIMATE: {
                "value": f"{filed[0]} {filed[1]}",
                "by": referral.filed_by_label,
                "at": referral.submitted_at.isoformat(timespec="seconds"),
                "was": [],
            },
        }
    amount, currency = given
    if amount <= 0:
        raise Invalid({"estimate_amount": [_("The estimated cost must be more than zero.")]})
    referral.estimate_amount, referral.estimate_currency = amount, currency
    state(referral, {ESTIMATE: f"{amount} {currency}"}, by=by, keeps=True)


@action
def record_consilium(
    referral_id: UUID | str,
    *,
    by: Actor,
    held_on: date,
    members: str,
    finding: str,
    text: str,
    escort: str = "",
    version: int | None = None,
) -> Referral:
    """Record what a consilium found of the patient's fitness for the journey; an earlier record stays beside it.

    `members` has a member on each line.
    """
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.RECORD_CONSILIUM, by=by)
    given = {"held_on": held_on, "members": members, "finding": finding, "text": text, "escort": escort}
    if wrong := consilium_mistakes(given, referral.patient, today=zones.today()):
        raise Invalid(wrong)
    if referral.consilia.count() >= MOST_CONSILIA:
        raise Invalid({"": [_("A referral holds %(count)s consilia at most.") % {"count": MOST_CONSILIA}]})
    names = [line.strip() for line in members.splitlines() if line.strip()]
    insert(
        Consilium(
            referral=referral,
            held_on=held_on,
            members="\n".join(names),
            members_count=len(names),
            finding=finding,
            escort=escort.strip() if finding == Consilium.Finding.WITH_ESCORT else "",
            text=text.strip(),
            recorded_by_label=by.label,
        )
    )
    move(referral, ReferralEvent.RECORD_CONSILIUM, by=by)
    return referral
