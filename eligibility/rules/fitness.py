"""MED-02: fit for transport by the word of a consilium (Protocol of 27 March 1997, Article 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.parameters import whole_number
from eligibility.text import _, plural

RECORD = Evidence("consilium_record", _("record of the consilium"))
#: Forms of care to which people travel as any passenger does.
_WALKING = frozenset({"consultation", "outpatient"})

BY_THEMSELVES = Finding(
    "fit_by_themselves",
    NOT_APPLICABLE,
    _("The patient travels to outpatient care that is planned, so no consilium is needed."),
)
NO_RECORD = Finding(
    "fit_no_record",
    NEEDS_REVIEW,
    _("No consilium has said whether the patient may travel."),
    remedy=_("Record what the consilium found."),
)
UNFIT = Finding(
    "fit_unfit",
    FAIL,
    _("The consilium of %(date)s found that the patient may not travel."),
    remedy=_("Treat the patient where they are, and record a new consilium once the state has changed."),
    evidence=(RECORD,),
)
TOO_FEW = Finding(
    "fit_too_few",
    NEEDS_REVIEW,
    _("The consilium of %(date)s names too few members: %(count)s. At least %(limit)s are needed."),
    remedy=_("Record a consilium with all of its members."),
    evidence=(RECORD,),
)
TOO_OLD = Finding(
    "fit_too_old",
    NEEDS_REVIEW,
    _("The consilium of %(date)s is %(age)s days back. It counts for %(limit)s days."),
    remedy=_("Record a new consilium before the journey."),
    evidence=(RECORD,),
    moving=("age",),
)
WITH_ESCORT = Finding(
    "fit_with_escort",
    PASS,
    _("By the consilium of %(date)s the patient may travel with an escort."),
    evidence=(RECORD,),
)
FIT = Finding("fit_fit", PASS, _("By the consilium of %(date)s the patient may travel."), evidence=(RECORD,))


@dataclass(frozen=True, slots=True)
class Parameters:
    """`max_age_days`: how long a consilium counts; `least_members`: how many it has at least."""

    max_age_days: int = whole_number(
        30,
        least=1,
        most=365,
        words=plural("A consilium counts for %(count)s day.", "A consilium counts for %(count)s days."),
    )
    least_members: int = whole_number(
        2,
        least=1,
        most=20,
        words=plural(
            "A consilium has at least %(count)s member.", "A consilium has at least %(count)s members."
        ),
    )


def _grows_too_old(facts: Facts, parameters: Parameters) -> Iterator[date]:
    if facts.consilium is not None:
        yield facts.consilium.dated_on + timedelta(days=parameters.max_age_days + 1)


@rule(
    "MED-02",
    position=62,
    title=_("Fit for transport"),
    basis=_("Protocol of 27 March 1997, Article 4"),
    mended_in=MendedIn.CONSILIUM,
    turns=_grows_too_old,
)
def fitness(facts: Facts, parameters: Parameters) -> Result:
    """Whether a consilium of enough members found lately that the patient may travel."""
    if facts.care_mode in _WALKING and facts.priority in {"routine", "urgent"}:
        return BY_THEMSELVES()
    record = facts.consilium
    if record is None:
        return NO_RECORD()
    day = record.dated_on.isoformat()
    if record.finding == "unfit":
        return UNFIT(date=day)
    if record.members < parameters.least_members:
        return TOO_FEW(date=day, count=record.members, limit=parameters.least_members)
    age = (facts.today - record.dated_on).days
    if age > parameters.max_age_days:
        return TOO_OLD(date=day, age=age, limit=parameters.max_age_days)
    return WITH_ESCORT(date=day) if record.finding == "with_escort" else FIT(date=day)
