"""What a draft will meet once it is filed: a preview of the rules, and wishes that contradict the limits.

Nothing here is kept and nothing is decided by it; the check after the filing reads the facts anew.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

import eligibility
from agreements import clocks
from agreements.access import end_of
from facilities.access import zone_of
from referrals import facts, stages
from referrals.legal_basis import basis_of, chain_of
from referrals.models import Referral, RuleResult
from referrals.states import ReferralState

UNSETTLED = ("fail", "needs_review")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The care is wished for before the ministry's limit ends: that limit's last day, by this priority."""

    decides_by: date


def preview(referral: Referral) -> list[RuleResult]:
    """What the rules would find now that a person must see to, in the rules' order; unsaved. Empty before a host."""
    if referral.state != ReferralState.DRAFT or referral.host_facility is None:
        return []
    version = basis_of(referral)
    if version is None:
        return []
    result = eligibility.run(facts.gather(referral, version), version.rules)
    return [
        RuleResult(
            position=position,
            rule=item.code,
            outcome=item.result.outcome,
            blocking=item.blocking,
            message=item.result.message,
            params=item.result.params,
            evidence=list(item.result.evidence),
        )
        for position, item in enumerate(result.outcomes)
        if item.result.outcome in UNSETTLED
    ]


def contradiction(referral: Referral, now: datetime) -> Contradiction | None:
    """Where the day of need comes before the end of the time that the priority gives the ministry."""
    if referral.state != ReferralState.DRAFT or referral.is_emergency or referral.needed_by is None:
        return None
    end = _decided_by(referral, now)
    last = timezone.localdate(end - timedelta.resolution, zone_of(referral.directing_country_id))
    return Contradiction(last) if referral.needed_by < last else None


def _decided_by(referral: Referral, now: datetime) -> datetime:
    """When the last body decides if each takes all its time; before a host is chosen, by the usual limit."""
    version = basis_of(referral) if referral.host_country_id else None
    chain = chain_of(referral, version) if version is not None else None
    if chain is not None:
        return stages.decision_ends(referral, chain, now)
    limit = clocks.DECISION[referral.priority]
    assert limit is not None, "an emergency isn't decided before the care"
    return end_of(limit, now, country=referral.directing_country_id)
