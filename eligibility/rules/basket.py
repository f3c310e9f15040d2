"""BEN-01: the care is in the home basket (Regulation 883/2004, Article 20(2), as the model)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import STATEMENT
from eligibility.facts import Facts
from eligibility.text import _

EMERGENCY = Finding(
    "ben_emergency", NOT_APPLICABLE, _("Emergency care is given whether or not it is in the home basket.")
)
OWN_MEANS = Finding(
    "ben_own_means", NOT_APPLICABLE, _("No public payer pays, so the home basket does not matter.")
)
UNKNOWN = Finding(
    "ben_unknown",
    NEEDS_REVIEW,
    _("It is not stated whether the care is in the home basket."),
    remedy=_("Look the service up in the payer’s list and state it."),
)
OUTSIDE = Finding(
    "ben_outside",
    FAIL,
    _("The care is not in the home basket, so the public payer would not pay for it at home either."),
    remedy=_("Look for another payer, or correct what is stated."),
    evidence=(STATEMENT,),
)
INSIDE = Finding("ben_inside", PASS, _("The care is in the home basket."), evidence=(STATEMENT,))


@rule(
    "BEN-01",
    position=52,
    title=_("In the home basket"),
    basis=_("Benefits of the directing country"),
    mended_in=MendedIn.MEANS,
)
def basket(facts: Facts) -> Result:
    """Whether the payer would pay for the care at home."""
    if facts.is_emergency:
        return EMERGENCY()
    if not facts.is_publicly_paid:
        return OWN_MEANS()
    stated = facts.circumstances.in_basket
    if not stated:
        return UNKNOWN()
    return INSIDE() if stated == "yes" else OUTSIDE()
