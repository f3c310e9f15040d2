"""DUP-01: no other active referral for the same care."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import SEARCH
from eligibility.facts import Facts
from eligibility.text import _

NONE = Finding("dup_none", PASS, _("There is no other active referral for this patient."), evidence=(SEARCH,))
SAME_CARE = Finding(
    "dup_same_care",
    FAIL,
    _("The same care is already under way for the same person: %(number)s."),
    remedy=_("Withdraw one of the two."),
    evidence=(SEARCH,),
)
ELSEWHERE = Finding(
    "dup_elsewhere",
    FAIL,
    _("Another hospital has the same care under way for the same person: %(number)s."),
    remedy=_(
        "Ask that hospital to withdraw its referral so that yours takes its place, or withdraw this one."
    ),
    evidence=(SEARCH,),
)
OTHER_CARE = Finding(
    "dup_other_care",
    NEEDS_REVIEW,
    _("The patient has another active referral, for other care: %(number)s."),
    remedy=_("Check that the two belong together and do not collide."),
    evidence=(SEARCH,),
)


@rule(
    "DUP-01",
    position=90,
    title=_("No second referral"),
    basis=_("Order of the register: one referral for one care"),
    mended_in=MendedIn.WITHDRAWAL,
)
def duplicate(facts: Facts) -> Result:
    """Whether the register holds another active referral of the same person."""
    if not facts.other_referrals:
        return NONE()
    same = [item for item in facts.other_referrals if item.same_care]
    own = [item for item in same if not item.elsewhere]
    if own:
        return SAME_CARE(number=own[0].number)
    if same:
        return ELSEWHERE(number=same[0].number)
    return OTHER_CARE(number=facts.other_referrals[0].number)
