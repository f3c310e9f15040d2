"""AVL-02: home lacks the equipment, the medicine or the specialist (CJEU C-268/13, as the model)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.parameters import whole_number
from eligibility.text import _, plural

#: The kind of document that shows it.
KIND = "facility_statement"
BY_FACILITY = Evidence(KIND, _("facility’s statement"))

EMERGENCY = Finding("lack_emergency", NOT_APPLICABLE, _("In an emergency nobody asks what home has."))
AVAILABLE = Finding(
    "lack_nothing", NOT_APPLICABLE, _("Home has what the care needs, so the wait at home decides.")
)
UNKNOWN = Finding(
    "lack_unknown",
    NEEDS_REVIEW,
    _("It is not stated whether home has the equipment, the medicines and the specialists for the care."),
    remedy=_("State what home lacks, or that it lacks nothing."),
)
NO_STATEMENT = Finding(
    "lack_no_statement",
    NEEDS_REVIEW,
    _("Home is stated to lack what the care needs, and no facility’s statement shows it."),
    remedy=_("Add the statement of the facility at home."),
    mended_in=MendedIn.DOCUMENT,
)
TOO_OLD = Finding(
    "lack_too_old",
    FAIL,
    _("The facility’s statement of %(date)s is too old: %(age)s days. At most %(limit)s are allowed."),
    remedy=_("Add a newer statement of the facility at home."),
    evidence=(BY_FACILITY,),
    mended_in=MendedIn.DOCUMENT,
    moving=("age",),
)
SHOWN = Finding(
    "lack_shown",
    PASS,
    _("The facility’s statement of %(date)s shows that home lacks what the care needs."),
    evidence=(BY_FACILITY,),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """`max_age_days`: how old the facility's statement may be on the day of the check."""

    max_age_days: int = whole_number(
        180,
        least=1,
        most=3650,
        words=plural(
            "The facility’s statement may be at most %(count)s day old.",
            "The facility’s statement may be at most %(count)s days old.",
        ),
    )


def _newest(facts: Facts) -> date | None:
    return max((item.dated_on for item in facts.documents if item.kind == KIND), default=None)


def _grows_too_old(facts: Facts, parameters: Parameters) -> Iterator[date]:
    if (dated := _newest(facts)) is not None:
        yield dated + timedelta(days=parameters.max_age_days + 1)


@rule(
    "AVL-02",
    position=55,
    title=_("What home lacks"),
    basis=_("Prior authorisation on the model of the judgment C-268/13"),
    mended_in=MendedIn.AT_HOME,
    turns=_grows_too_old,
)
def lacking_at_home(facts: Facts, parameters: Parameters) -> Result:
    """Whether home lacks what the care needs, by a statement of a facility that isn't too old."""
    if facts.is_emergency:
        return EMERGENCY()
    stated = facts.circumstances.home_lacks
    if not stated:
        return UNKNOWN()
    if stated == "nothing":
        return AVAILABLE()
    dated = _newest(facts)
    if dated is None:
        return NO_STATEMENT()
    age, limit = (facts.today - dated).days, parameters.max_age_days
    if age > limit:
        return TOO_OLD(date=dated.isoformat(), age=age, limit=limit)
    return SHOWN(date=dated.isoformat())
