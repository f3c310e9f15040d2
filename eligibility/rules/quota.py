"""FIN-02: the body that decides has something left of its quota (national)."""

from dataclasses import dataclass

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.parameters import whole_number
from eligibility.text import _, plural

LEDGER = Evidence("quota", _("grants of the year"))

EMERGENCY = Finding("quo_emergency", NOT_APPLICABLE, _("An emergency takes nothing of a quota."))
NOT_KEPT = Finding("quo_not_kept", NOT_APPLICABLE, _("The body that decides has no quota."))
USED_UP = Finding(
    "quo_used_up",
    FAIL,
    _("The quota of the body that decides is used up: %(limit)s grants a year."),
    remedy=_("The officer refuses, or the quota is raised by a new version of the agreement."),
    evidence=(LEDGER,),
)
LITTLE_LEFT = Finding(
    "quo_little_left",
    NEEDS_REVIEW,
    _("Little is left of the quota of the body that decides: %(count)s of %(limit)s grants."),
    remedy=_("The officer weighs who needs what is left."),
    evidence=(LEDGER,),
)
LEFT = Finding(
    "quo_left",
    PASS,
    _("The body that decides has grants left: %(count)s of %(limit)s."),
    evidence=(LEDGER,),
    moving=("count",),
)
HELD = Finding("quo_held", PASS, _("This referral has its part of the quota already."), evidence=(LEDGER,))


@dataclass(frozen=True, slots=True)
class Parameters:
    """`look_at`: with how many grants left, or fewer, the officer weighs who needs them."""

    look_at: int = whole_number(
        3,
        least=0,
        most=10_000,
        words=plural(
            "With %(count)s grant left or fewer the officer weighs who needs it.",
            "With %(count)s grants left or fewer the officer weighs who needs them.",
        ),
    )


@rule(
    "FIN-02",
    position=78,
    title=_("Quota"),
    basis=_("Budget rules of the body that decides"),
    kind="payment",
    mended_in=MendedIn.OFFICER,
)
def quota(facts: Facts, parameters: Parameters) -> Result:
    """Whether the body under whose decision the referral is may still grant this year."""
    if facts.is_emergency:
        return EMERGENCY()
    found = facts.quota
    if found is None:
        return NOT_KEPT()
    if found.held:
        return HELD()
    if found.left <= 0:
        return USED_UP(limit=found.allowed)
    if found.left <= parameters.look_at:
        return LITTLE_LEFT(count=found.left, limit=found.allowed)
    return LEFT(count=found.left, limit=found.allowed)
