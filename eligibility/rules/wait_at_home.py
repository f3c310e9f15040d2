"""AVL-01: the wait at home is longer than medically justified (Regulation 883/2004, Article 20(2), as the model)."""

from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import OFFER, STATEMENT
from eligibility.facts import Facts
from eligibility.parameters import whole_number
from eligibility.text import _, plural

EMERGENCY = Finding("avl_emergency", NOT_APPLICABLE, _("An emergency does not wait."))
NOT_AT_HOME = Finding(
    "avl_not_at_home",
    NOT_APPLICABLE,
    _("The care is not available at home at all, so no wait is compared."),
    evidence=(STATEMENT,),
)
UNKNOWN = Finding(
    "avl_unknown",
    NEEDS_REVIEW,
    _("The wait at home is not stated."),
    remedy=_("Ask the hospital at home for its wait and state it."),
)
NO_LIMIT = Finding(
    "avl_no_limit",
    NEEDS_REVIEW,
    _("It is not stated by when the care is needed, so the wait at home can’t be judged."),
    remedy=_("Give the date by which the care is needed."),
    mended_in=MendedIn.REFERRAL,
)
IN_TIME = Finding(
    "avl_in_time",
    FAIL,
    _("The care could begin at home on %(date)s, in time for the day by which it is needed (%(needed_by)s)."),
    remedy=_("Treat the patient at home, or correct the wait or the day if they have changed."),
    evidence=(STATEMENT,),
)
IN_TIME_BESIDE = Finding(
    "avl_in_time_beside",
    FAIL,
    _(
        "The care could begin at home on %(date)s, in time for the day by which it is needed (%(needed_by)s); "
        "the hospital abroad offers %(offered)s."
    ),
    remedy=_("Treat the patient at home, or correct the wait or the day if they have changed."),
    evidence=(STATEMENT, OFFER),
)
NO_SOONER = Finding(
    "avl_no_sooner",
    NEEDS_REVIEW,
    _("The hospital abroad offers %(offered)s, no sooner than the care could begin at home (%(date)s)."),
    remedy=_("The officer weighs what the journey would gain."),
    evidence=(STATEMENT, OFFER),
    mended_in=MendedIn.OFFICER,
)
TOO_LONG = Finding(
    "avl_too_long",
    PASS,
    _("The care could begin at home on %(date)s only; it is needed by %(needed_by)s."),
    evidence=(STATEMENT,),
)
TOO_LONG_BESIDE = Finding(
    "avl_too_long_beside",
    PASS,
    _(
        "The care could begin at home on %(date)s only; it is needed by %(needed_by)s, and the hospital abroad offers "
        "%(offered)s."
    ),
    evidence=(STATEMENT, OFFER),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """`patience_days`: how many days after the day of need still count as in time at home."""

    patience_days: int = whole_number(
        0,
        least=0,
        most=90,
        words=plural(
            "Care at home up to %(count)s day after the day of need counts as in time.",
            "Care at home up to %(count)s days after the day of need counts as in time.",
        ),
    )


@rule(
    "AVL-01",
    position=54,
    title=_("Wait at home"),
    basis=_("Prior authorisation on the model of Regulation 883/2004, Article 20(2)"),
    mended_in=MendedIn.AT_HOME,
)
def wait_at_home(facts: Facts, parameters: Parameters) -> Result:
    """Whether the care at home would come too late, beside what the host offers."""
    stated = facts.circumstances
    if facts.is_emergency:
        return EMERGENCY()
    if stated.home_lacks not in ("", "nothing"):
        return NOT_AT_HOME()
    home = stated.home_from
    if home is None:
        return UNKNOWN()
    if facts.needed_by is None:
        return NO_LIMIT()
    shown = {"date": home.isoformat(), "needed_by": facts.needed_by.isoformat()}
    offered = facts.offer.first if facts.offer is not None else None
    if home <= _later(facts.needed_by, parameters.patience_days):
        return IN_TIME(**shown) if offered is None else IN_TIME_BESIDE(**shown, offered=offered.isoformat())
    if offered is None:
        return TOO_LONG(**shown)
    found = NO_SOONER if offered >= home else TOO_LONG_BESIDE
    return found(**shown, offered=offered.isoformat())


def _later(day: date, count: int) -> date:
    return day + timedelta(days=min(count, (date.max - day).days))
