"""The eligibility check, run by a worker. It recommends; a named officer decides."""

from uuid import UUID

from django.utils import timezone

import eligibility
from core.actors import Actor
from core.db import action
from core.outbox.publish import publish
from eligibility.engine import RuleOutcome
from referrals import facts
from referrals.actions.road import check, lock, move
from referrals.events.noticed import CHECKED_AGAIN
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.states import (
    CHECKED_STATES,
    AuthorisationEvent,
    AuthorisationState,
    ReferralEvent,
    ReferralState,
)

__all__ = ["begin_screening", "check_again", "check_emergency", "finish_screening"]


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
    done = _keep(referral, _run_rules(referral))
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
    return _keep(referral, _run_rules(referral))


@action
def check_again(referral_id: UUID | str, *, by: Actor) -> EligibilityCheck | None:
    """Run the rules once more after a fact changed, for a referral that is open and was checked.

    None where there is nothing to say: the rules find what they found, or the referral is past it. A check that
    waits its turn reads the new facts anyway.
    """
    referral = lock(referral_id, by=by)
    if referral.state not in CHECKED_STATES:
        return None
    before = referral.checks.order_by("-id").first()
    if before is None:
        return None
    result = _run_rules(referral)
    if _finds_the_same(_rows_of(before), result):
        return None
    done = _keep(referral, result, before)
    if done.results.exclude(was="").exists():
        publish(CHECKED_AGAIN, subject=referral, by=by)
    return done


def _run_rules(referral: Referral) -> eligibility.CheckResult:
    agreement = referral.agreement
    assert agreement is not None, "a filed referral has its agreement: a constraint holds it"
    return eligibility.run(facts.gather(referral, agreement), agreement.rules)


def _keep(
    referral: Referral, result: eligibility.CheckResult, before: EligibilityCheck | None = None
) -> EligibilityCheck:
    """Write a check with its outcomes; after an earlier one, each says what it was where it finds something else."""
    assert referral.agreement is not None
    then = _rows_of(before) if before else {}
    check = EligibilityCheck.objects.create(
        referral=referral,
        rule_set_version=result.rule_set_version,
        agreement_code=referral.agreement.code,
        inputs_hash=result.inputs_hash,
        recommendation=result.recommendation,
        checked_at=timezone.now(),
        again=before is not None,
    )
    RuleResult.objects.bulk_create(
        RuleResult(
            check_run=check,
            position=position,
            rule=item.code,
            outcome=item.result.outcome,
            was=_outcome_before(then.get(item.code), item),
            blocking=item.blocking,
            message=item.result.message,
            params=item.result.params,
            evidence=list(item.result.evidence),
        )
        for position, item in enumerate(result.outcomes)
    )
    return check


def _rows_of(check: EligibilityCheck) -> dict[str, RuleResult]:
    return {row.rule: row for row in check.results.all()}


def _finds_the_same(before: dict[str, RuleResult], result: eligibility.CheckResult) -> bool:
    found = {item.code: (item.result.message, dict(item.result.params)) for item in result.outcomes}
    return found == {rule: (row.message, row.params) for rule, row in before.items()}


def _outcome_before(row: RuleResult | None, item: RuleOutcome) -> str:
    """The outcome that a rule had, where it finds something else now; empty where it doesn't or never ran."""
    return row.outcome if row is not None and row.message != item.result.message else ""
