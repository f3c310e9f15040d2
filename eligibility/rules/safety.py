"""SAF-01: no unacceptable risk for the patient (Directive 2011/24/EU, Article 8(6)(a), as the model)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import STATEMENT
from eligibility.facts import Facts
from eligibility.text import _

UNKNOWN = Finding(
    "saf_unknown",
    NEEDS_REVIEW,
    _("The risk of the journey and the care is not assessed."),
    remedy=_("Assess the risk for this patient and state it."),
)
UNACCEPTABLE = Finding(
    "saf_unacceptable",
    FAIL,
    _("The clinician assesses the risk of the journey or the care as unacceptable."),
    remedy=_("Look for safer care, or assess the risk anew once the patient’s state has changed."),
    evidence=(STATEMENT,),
)
HIGHER = Finding(
    "saf_higher",
    NEEDS_REVIEW,
    _("The clinician assesses the risk as higher than usual and worth taking."),
    remedy=_("The officer reads why the risk is worth taking."),
    evidence=(STATEMENT,),
    mended_in=MendedIn.OFFICER,
)
USUAL = Finding(
    "saf_usual", PASS, _("The clinician assesses the risk as no higher than usual."), evidence=(STATEMENT,)
)


@rule(
    "SAF-01",
    position=64,
    title=_("Risk for the patient"),
    basis=_("Grounds of refusal on the model of Directive 2011/24/EU, Article 8(6)(a)"),
    mended_in=MendedIn.RISK,
)
def safety(facts: Facts) -> Result:
    """How the clinician assessed the risk of the journey and of the care."""
    stated = facts.circumstances.risk
    if not stated:
        return UNKNOWN()
    return {"usual": USUAL, "higher": HIGHER}.get(stated, UNACCEPTABLE)()
