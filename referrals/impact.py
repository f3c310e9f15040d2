"""What a version of an agreement in work would change for the referrals that are open: counted, nobody named."""

from collections import Counter
from typing import Any

import eligibility
from agreements.actions import LOOKED_AHEAD
from agreements.models import AgreementVersion
from core.outbox.models import Event
from core.outbox.registry import handler
from referrals import facts
from referrals.legal_basis import chain_of
from referrals.models import Referral
from referrals.states import BEFORE_SENDING, ReferralState

MOST = 1000
"""How many open referrals are looked at."""


@handler(LOOKED_AHEAD, name="referrals.look_ahead")
def look_ahead(event: Event, key: str) -> None:
    """Count, and keep it with the version. One that changed since, or is in force, is left."""
    version = AgreementVersion.objects.select_related("agreement").filter(pk=int(event.subject_id)).first()
    if version is None or version.standing == AgreementVersion.Standing.APPROVED:
        return
    AgreementVersion.objects.filter(pk=version.pk).update(impact=impact_of(version))


def impact_of(version: AgreementVersion) -> dict[str, Any]:
    """How many open referrals rest on the agreement, and for how many what would be different."""
    rows = Referral.objects.filter(
        agreement_id=version.agreement_id, state__in=BEFORE_SENDING - {ReferralState.SUBMITTED}
    )
    found = list(
        rows.select_related("authorisation", "specialty", "agreement_version").order_by("pk")[: MOST + 1]
    )
    recommended: Counter[tuple[str, str]] = Counter()
    left_out = chains = 0
    for referral in found[:MOST]:
        if _is_left_out(version, referral):
            left_out += 1
            continue
        before = referral.checks.order_by("-id").values_list("recommendation", flat=True).first()
        now = eligibility.run(facts.gather(referral, version), version.rules).recommendation
        if before is not None and str(before) != str(now):
            recommended[str(before), str(now)] += 1
        chains += _has_another_chain(version, referral)
    return {
        "open": len(found[:MOST]),
        "recommendations": [[then, now, count] for (then, now), count in sorted(recommended.items())],
        "left_out": left_out,
        "chains": chains,
        "more": len(found) > MOST,
    }


def _is_left_out(version: AgreementVersion, referral: Referral) -> bool:
    one, other = referral.directing_country_id, referral.host_country_id or ""
    if not {one, other} <= set(version.parties) or not version.covers_planned:
        return True
    return bool(
        version.leaves_out(
            directing=one,
            host=other,
            specialty=referral.specialty.code if referral.specialty else "",
            priority=referral.priority,
            care_mode=referral.care_mode,
            payer=referral.payer,
        )
    )


def _has_another_chain(version: AgreementVersion, referral: Referral) -> bool:
    now = chain_of(referral, version)
    then = [stage.setting for stage in referral.stages.order_by("position", "pk")]
    return now is None or [stage.stored() for stage in now.stages] != then
