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
from referrals import facts
from referrals.legal_basis import basis_of
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
    agreement = basis_of(referral)
    if agreement is None:
        return []
    result = eligibility.run(facts.gather(referral, agreement), agreement.rules)
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
    limit = clocks.DECISION[referral.priority]
    if referral.state != ReferralState.DRAFT or limit is None or referral.needed_by is None:
        return None
    end = end_of(limit, now, country=referral.directing_country_id)
    last = timezone.localdate(end - timedelta.resolution, zone_of(referral.directing_country_id))
    return Contradiction(last) if referral.needed_by < last else None
