"""The eligibility check, run by a worker. It recommends; a named officer decides."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

import eligibility
from agreements.access import version_on
from agreements.models import AgreementVersion
from core.actors import SYSTEM, Actor
from core.db import action
from core.outbox.publish import publish
from eligibility import RULES
from eligibility.engine import RuleOutcome
from facilities.access import today_in
from referrals import facts
from referrals.actions.road import check, lock, move
from referrals.consents import better
from referrals.events.noticed import CHECKED_AGAIN
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.states import (
    ACTIVE_STATES,
    CHECKED_STATES,
    AuthorisationEvent,
    AuthorisationState,
    ReferralEvent,
    ReferralState,
)

__all__ = [
    "begin_screening",
    "check_again",
    "check_emergency",
    "finish_screening",
    "look_again",
    "take_consent",
]

#: A day that is over wherever the referral comes from.
_LONG_DUE = date(2000, 1, 1)


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
def take_consent(referral_id: UUID | str, *, by: Actor) -> bool:
    """Let a referral that is under way rest on a consent that was recorded since; whether it does."""
    referral = lock(referral_id, by=by)
    if referral.state not in ACTIVE_STATES:
        return False
    check(referral, ReferralEvent.TAKE_CONSENT, by=by)
    return rest_on_better_consent(referral)


def rest_on_better_consent(referral: Referral) -> bool:
    """Let a locked referral rest on the patient's later consent, where that is the better one today."""
    found = better(referral, today_in(referral.directing_country_id))
    if found is None:
        return False
    referral.consent = found
    move(referral, ReferralEvent.TAKE_CONSENT, by=SYSTEM, details={"consent": found.pk})
    return True


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
    rest_on_better_consent(referral)
    result = _run_rules(referral)
    if _finds_the_same(_rows_of(before), result):
        _look_again_on(referral, result)
        return None
    done = _keep(referral, result, before)
    if done.results.exclude(was="").exists():
        publish(CHECKED_AGAIN, subject=referral, by=by)
    return done


def ask_again(referral: Referral) -> EligibilityCheck:
    """Run the rules on the facts as they are now, and keep what they find: for a decision that changes what holds.

    The caller holds the lock. Unlike `check_again` it does so in any state, in care as well.
    """
    return _keep(referral, _run_rules(referral), referral.checks.order_by("-id").first())


@dataclass(frozen=True, slots=True)
class _Run:
    """What the rules found, and the day on which they will find something else by the calendar alone."""

    found: eligibility.CheckResult
    next_turn: date | None
    version: int


@action
def look_again(*, by: Actor) -> int:
    """Have every open referral checked by the next round, since what checks rest on was loaded anew; how many."""
    checked = Referral.objects.filter(state__in=CHECKED_STATES)
    return checked.update(recheck_on=_LONG_DUE)


def _run_rules(referral: Referral) -> _Run:
    version = version_of(referral)
    known = facts.gather(referral, version)
    return _Run(
        eligibility.run(known, version.rules),
        _earlier(eligibility.next_turn(known, version.rules), _after(version, known.today)),
        version.number,
    )


def _after(version: AgreementVersion, today: date) -> date | None:
    """The later day on which the version is over, and another one may count."""
    last = version.in_force_until
    return last + timedelta(days=1) if last is not None and today <= last < date.max else None


def _earlier(turn: date | None, over: date | None) -> date | None:
    return min((day for day in (turn, over) if day is not None), default=None)


def version_of(referral: Referral) -> AgreementVersion:
    """The version of its agreement that counts today in the directing country: a later one than at filing, perhaps."""
    assert referral.agreement_id is not None, "a filed referral has its agreement: a constraint holds it"
    return version_on(referral.agreement_id, today_in(referral.directing_country_id))


def _look_again_on(referral: Referral, run: _Run) -> None:
    """Note when the calendar alone brings news. No change of the referral: its version and its dates stay."""
    if referral.recheck_on != run.next_turn:
        referral.recheck_on = run.next_turn
        Referral.objects.filter(pk=referral.pk).update(recheck_on=run.next_turn)


def _keep(referral: Referral, run: _Run, before: EligibilityCheck | None = None) -> EligibilityCheck:
    """Write a check with its outcomes; after an earlier one, each says what it was where it finds something else."""
    assert referral.agreement is not None
    _look_again_on(referral, run)
    result = run.found
    then = _rows_of(before) if before else {}
    check = EligibilityCheck.objects.create(
        referral=referral,
        rule_set_version=result.rule_set_version,
        agreement_code=referral.agreement.code,
        agreement_version=run.version,
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


def _finds_the_same(before: dict[str, RuleResult], run: _Run) -> bool:
    """Whether the rules say what they said. That a report is a day older than yesterday is nothing new."""
    found = {item.code: RULES[item.code].says(item.result) for item in run.found.outcomes}
    return found == {
        code: (row.message, RULES[code].lasting(row.message, row.params))
        for code, row in before.items()
        if code in RULES
    }


def _outcome_before(row: RuleResult | None, item: RuleOutcome) -> str:
    """The outcome that a rule had, where it finds something else now; empty where it doesn't or never ran."""
    return row.outcome if row is not None and row.message != item.result.message else ""
