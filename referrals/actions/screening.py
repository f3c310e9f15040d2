"""The eligibility check, run by a worker. It recommends; a named officer decides."""

from uuid import UUID

from django.utils import timezone

import eligibility
from core.actors import Actor
from core.db import action
from referrals import facts
from referrals.actions.road import check, lock, move
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.states import AuthorisationEvent, AuthorisationState, ReferralEvent, ReferralState

__all__ = ["begin_screening", "check_emergency", "finish_screening"]


@action
def begin_screening(referral_id: UUID | str, *, by: Actor) -> bool:
    """Mark that the check has begun. False when there is nothing to check (any more)."""
    referral = lock(referral_id, by=by)
    if referral.state == ReferralState.SUBMITTED:
        check(referral, ReferralEvent.BEGIN_SCREENING, by=by)
        move(referral, ReferralEvent.BEGIN_SCREENING, by=by)
    return referral.state == ReferralState.SCREENING


@action
def finish_screening(referral_id: UUID | str, *, by: Actor) -> EligibilityCheck | None:
    """Run the rules, keep every outcome, hand the case to the ministry. None when it's no longer in screening."""
    referral = lock(referral_id, by=by)
    if referral.state != ReferralState.SCREENING:
        return None
    check(referral, ReferralEvent.FINISH_SCREENING, by=by)
    done = _run_rules(referral)
    if referral.authorisation.state == AuthorisationState.PENDING:
        move(referral, AuthorisationEvent.OPEN_REVIEW, by=by)
    move(referral, ReferralEvent.FINISH_SCREENING, by=by, reason_code=done.recommendation)
    return done


@action
def check_emergency(referral_id: UUID | str, *, by: Actor) -> EligibilityCheck | None:
    """Check an emergency that is on its way already, once, for the ministry's review afterwards."""
    referral = lock(referral_id, by=by)
    if not referral.is_emergency or referral.checks.exists():
        return None
    return _run_rules(referral)


def _run_rules(referral: Referral) -> EligibilityCheck:
    agreement = referral.agreement
    assert agreement is not None, "a filed referral has its agreement: a constraint holds it"
    result = eligibility.run(facts.gather(referral), agreement.rules)
    check = EligibilityCheck.objects.create(
        referral=referral,
        rule_set_version=result.rule_set_version,
        agreement_code=agreement.code,
        inputs_hash=result.inputs_hash,
        recommendation=result.recommendation,
        checked_at=timezone.now(),
    )
    RuleResult.objects.bulk_create(
        RuleResult(
            check_run=check,
            position=position,
            rule=item.code,
            outcome=item.result.outcome,
            blocking=item.blocking,
            message=item.result.message,
            params=item.result.params,
            evidence=list(item.result.evidence),
        )
        for position, item in enumerate(result.outcomes)
    )
    return check
