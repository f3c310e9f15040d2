"""AGR-01: the agreement on which the referral rests is in force, and no other goes before it."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.facts import Facts
from eligibility.text import _

ENDED = Finding(
    "agr_ended",
    FAIL,
    _("The agreement on which the referral rests ended on %(date)s."),
    remedy=_("The officer decides whether the care can rest on anything else."),
)
NOT_YET = Finding(
    "agr_not_yet",
    FAIL,
    _("The agreement on which the referral rests comes into force on %(date)s only."),
    remedy=_("The officer decides whether the care can rest on anything else."),
)
ANOTHER_FIRST = Finding(
    "agr_another_first",
    NEEDS_REVIEW,
    _("Another agreement goes before the one on which the referral rests: %(agreement)s."),
    remedy=_("The officer decides by which of the two the care is judged."),
)
IN_FORCE = Finding(
    "agr_in_force",
    PASS,
    _("Nothing that is recorded says that the agreement is not in force."),
)


@rule(
    "AGR-01",
    position=100,
    title=_("Agreement in force"),
    basis=_("The agreement’s own dates"),
    mended_in=MendedIn.OFFICER,
)
def in_force(facts: Facts) -> Result:
    """Whether the dates that are known of the agreement include today, and whether it would still be chosen.

    Of most agreements the present force was never confirmed; that is said beside them, and is no finding here.
    """
    own = next((item for item in facts.agreements if item.code == facts.agreement_code), None)
    if own is None:
        return IN_FORCE()
    if own.until is not None and own.until < facts.today:
        return ENDED(date=own.until.isoformat())
    if own.since is not None and own.since > facts.today:
        return NOT_YET(date=own.since.isoformat())
    first = next(item for item in facts.agreements if item.in_force_on(facts.today))
    if first.code != own.code:
        return ANOTHER_FIRST(agreement=dict(first.name))
    return IN_FORCE()
