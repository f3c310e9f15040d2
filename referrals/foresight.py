"""What a draft will meet once it is filed: a preview of the rules, and wishes that contradict the limits.

Nothing here is kept and nothing is decided by it; the check after the filing reads the facts anew.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils import timezone

import eligibility
from agreements import clocks
from agreements.access import end_of
from facilities.access import zone_of
from referrals import facts, stages
from referrals.legal_basis import basis_of, chain_of
from referrals.models import Referral, RuleResult
from referrals.states import BEFORE_CARE, UNDECIDED, ReferralState

UNSETTLED = ("fail", "needs_review")


#: An emergency that can wait longer than that is none.
EMERGENCY_NEEDED = timedelta(days=7)


class Against(StrEnum):
    """What the day of need contradicts."""

    LIMIT = "limit"
    APPOINTMENT = "appointment"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The day of need doesn't fit what it stands `against`, which is on that `day`.

    `LIMIT`: the last day that the ministry has for its decision. `APPOINTMENT`: the first day of the stay. `EMERGENCY`:
    the day of need itself, far ahead.
    """

    against: Against
    day: date


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


def contradiction(
    referral: Referral, now: datetime, starts_at: datetime | None = None
) -> Contradiction | None:
    """Where the day of need comes before the end of the ministry's time, or before the appointment, if there is one.

    An emergency has neither a decision to wait for nor a day of need that lies far ahead.
    """
    needed = referral.needed_by
    if needed is None or referral.over_at is not None:
        return None
    if starts_at is not None and referral.state in BEFORE_CARE:
        first = timezone.localdate(starts_at, referral.host_zone)
        return Contradiction(Against.APPOINTMENT, first) if first > needed else None
    if referral.is_emergency:
        today = timezone.localdate(now, zone_of(referral.directing_country_id))
        far = referral.state == ReferralState.DRAFT and needed > today + EMERGENCY_NEEDED
        return Contradiction(Against.EMERGENCY, needed) if far else None
    end = _decision_ends(referral, now)
    if end is None:
        return None
    last = timezone.localdate(end - timedelta.resolution, zone_of(referral.directing_country_id))
    return Contradiction(Against.LIMIT, last) if needed < last else None


def _decision_ends(referral: Referral, now: datetime) -> datetime | None:
    """When the decision must be there: foreseen of a draft, by the clock of what is filed; None once it was taken."""
    if referral.state == ReferralState.DRAFT:
        return _decided_by(referral, now)
    authorisation = referral.authorisation
    return authorisation.due_at if authorisation.state in UNDECIDED else None


def _decided_by(referral: Referral, now: datetime) -> datetime:
    """When the last body decides if each takes all its time; before a host is chosen, by the usual limit."""
    version = basis_of(referral) if referral.host_country_id else None
    chain = chain_of(referral, version) if version is not None else None
    if chain is not None:
        return stages.decision_ends(referral, chain, now)
    limit = clocks.DECISION[referral.priority]
    assert limit is not None, "an emergency isn't decided before the care"
    return end_of(limit, now, country=referral.directing_country_id)
