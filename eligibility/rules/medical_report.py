"""MED-01: a specialist's report, an ICD-10 code, a goal of treatment; the report not too old (practice)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import SPECIALIST_REPORT
from eligibility.facts import Facts
from eligibility.parameters import whole_number, yes_or_no
from eligibility.text import _, plural

NONE = Finding(
    "med_no_report",
    FAIL,
    _("There is no specialist’s report. It must be at most %(limit)s days old."),
    remedy=_("Add the specialist’s report."),
)
NONE_YET = Finding(
    "med_no_report_yet",
    NEEDS_REVIEW,
    _("There is no specialist’s report yet, which an emergency may lack."),
    remedy=_("Add the report when it is written."),
)
TOO_OLD = Finding(
    "med_report_too_old",
    FAIL,
    _("The specialist’s report of %(date)s is too old: %(age)s days. At most %(limit)s are allowed."),
    remedy=_("Add a newer report."),
    evidence=(SPECIALIST_REPORT,),
    moving=("age",),
)
OF_THE_FUTURE = Finding(
    "med_report_of_future",
    FAIL,
    _("The specialist’s report carries a day that has not come yet: %(date)s."),
    remedy=_("Add a report with its right date."),
    evidence=(SPECIALIST_REPORT,),
)
NO_POSITION = Finding(
    "med_no_position",
    NEEDS_REVIEW,
    _("The report of %(date)s does not say what position its author has."),
    remedy=_("Add the report once more with the position of its author."),
    evidence=(SPECIALIST_REPORT,),
)
NO_SPECIALIST = Finding(
    "med_no_specialist",
    FAIL,
    _("The report of %(date)s was written by a family doctor or another who is no specialist."),
    remedy=_("Add the report of a specialist."),
    evidence=(SPECIALIST_REPORT,),
)
INCOMPLETE = Finding(
    "med_incomplete",
    FAIL,
    _("The diagnosis, the reason or the goal of the treatment is missing."),
    remedy=_("Complete the clinical part."),
    evidence=(SPECIALIST_REPORT,),
    moving=("age",),
)
COMPLETE = Finding(
    "med_complete",
    PASS,
    _("Report of %(date)s, diagnosis %(diagnosis)s, reason and goal are there."),
    evidence=(SPECIALIST_REPORT,),
    moving=("age",),
)


#: Positions whose report is a specialist's.
_SPECIALISTS = frozenset({"specialist", "head", "professor"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """`max_age_days`: how old the report may be on the day of the check; `needs_position`: of whose author."""

    max_age_days: int = whole_number(
        30,
        least=1,
        most=3650,
        words=plural(
            "The report may be at most %(count)s day old.", "The report may be at most %(count)s days old."
        ),
    )
    needs_position: bool = yes_or_no(
        False,
        yes=_("The report says what position its author has, and a specialist wrote it."),
        no=_("Who wrote the report is left to the officer."),
    )


def _grows_too_old(facts: Facts, parameters: Parameters) -> Iterator[date]:
    if facts.report is not None:
        yield facts.report.dated_on + timedelta(days=parameters.max_age_days + 1)


@rule(
    "MED-01",
    position=60,
    title=_("Medical report"),
    basis=_("Practice of referral commissions"),
    kind="documents",
    mended_in=MendedIn.REPORT,
    turns=_grows_too_old,
)
def medical_report(facts: Facts, parameters: Parameters) -> Result:
    """Whether the report is there and recent, and the clinical part complete."""
    limit = parameters.max_age_days
    if facts.report is None:
        return NONE_YET() if facts.priority == "stat" else NONE(limit=limit)
    age = (facts.today - facts.report.dated_on).days
    shown = {"date": facts.report.dated_on.isoformat(), "age": age, "limit": limit}
    if age < 0:
        return OF_THE_FUTURE(**shown)
    if age > limit:
        return TOO_OLD(**shown)
    if not facts.diagnosis_code or not facts.goal_given or not facts.reason_given:
        return INCOMPLETE(**shown)
    if parameters.needs_position and facts.report.position not in _SPECIALISTS:
        return NO_SPECIALIST(**shown) if facts.report.position else NO_POSITION(**shown)
    return COMPLETE(**shown, diagnosis=facts.diagnosis_code)
