"""FIN-01: who pays, and an estimate with its currency, not above what is authorised (Protocol of 27 March 1997)."""

from decimal import Decimal

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import AUTHORISATION, Evidence
from eligibility.facts import Facts
from eligibility.text import _

ESTIMATE = Evidence("estimate", _("cost estimate"))

EMERGENCY = Finding(
    "fin_emergency",
    NOT_APPLICABLE,
    _("Emergency care is free of charge for the patient, so no estimate is asked for."),
)
NO_PAYER = Finding(
    "fin_no_payer",
    NEEDS_REVIEW,
    _("It is not stated who pays."),
    remedy=_("State who pays for the care."),
)
NO_ESTIMATE = Finding(
    "fin_no_estimate",
    NEEDS_REVIEW,
    _("There is no estimate of the cost."),
    remedy=_("Ask the hospital for an estimate and state the sum with its currency."),
)
ABOVE = Finding(
    "fin_above",
    FAIL,
    _("The estimate of %(estimate)s %(currency)s is above what is authorised: %(limit)s %(currency)s."),
    remedy=_("The officer decides whether more is authorised."),
    evidence=(ESTIMATE, AUTHORISATION),
    mended_in=MendedIn.OFFICER,
)
OTHER_CURRENCY = Finding(
    "fin_other_currency",
    NEEDS_REVIEW,
    _("The estimate is in %(currency)s and the ceiling in another currency, so the two can’t be compared."),
    remedy=_("The officer compares the estimate with the ceiling."),
    evidence=(ESTIMATE, AUTHORISATION),
    mended_in=MendedIn.OFFICER,
)
STATED = Finding(
    "fin_stated",
    PASS,
    _("Who pays is stated, and the estimate is %(estimate)s %(currency)s."),
    evidence=(ESTIMATE,),
)


@rule(
    "FIN-01",
    position=76,
    title=_("Payer and estimate"),
    basis=_("Protocol of 27 March 1997"),
    kind="payment",
    mended_in=MendedIn.MEANS,
)
def estimate(facts: Facts) -> Result:
    """Whether a payer and an estimate are there, and the ceiling of an authorisation has room for it."""
    if facts.is_emergency:
        return EMERGENCY()
    if not facts.payer:
        return NO_PAYER()
    if not facts.estimate or not facts.currency:
        return NO_ESTIMATE()
    given = facts.authorised
    shown = {"estimate": facts.estimate, "currency": facts.currency}
    if given is not None and given.ceiling:
        if given.currency != facts.currency:
            return OTHER_CURRENCY(**shown)
        if Decimal(facts.estimate) > Decimal(given.ceiling):
            return ABOVE(**shown, limit=given.ceiling)
    return STATED(**shown)
