"""COV-01: covered at home on the date (FSMS, MHIF, UZ State Health Insurance Fund)."""

from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import COVERAGE_RECORD
from eligibility.facts import CoverageFact, Facts
from eligibility.text import _

_PUBLIC = frozenset({"state", "insurance"})
NONE = Finding(
    "cov_none",
    NEEDS_REVIEW,
    _("No coverage at home is recorded."),
    remedy=_("Record the coverage from the fund’s register or a document."),
)
ELSEWHERE = Finding(
    "cov_elsewhere",
    NEEDS_REVIEW,
    _("Coverage is recorded in another country only: %(parties)s. The country that refers asks for its own."),
    remedy=_("Record the coverage in the country that refers, or correct the country of the one recorded."),
    evidence=(COVERAGE_RECORD,),
)
ENDED = Finding(
    "cov_ended",
    FAIL,
    _("The recorded coverage at home does not include today. It ended on %(date)s."),
    remedy=_("Check the fund’s register and record the present coverage."),
    evidence=(COVERAGE_RECORD,),
)
NOT_YET = Finding(
    "cov_not_yet",
    FAIL,
    _("The recorded coverage at home begins on %(date)s only."),
    remedy=_("Check the fund’s register and record the present coverage."),
    evidence=(COVERAGE_RECORD,),
)
NOT_PUBLIC = Finding(
    "cov_not_public",
    NEEDS_REVIEW,
    _("Only private coverage, or none by a public fund, is recorded."),
    remedy=_("Check who pays."),
    evidence=(COVERAGE_RECORD,),
)
ONLY_STATED = Finding(
    "cov_only_stated",
    NEEDS_REVIEW,
    _("The coverage was stated by the patient and is not checked."),
    remedy=_("Check it in the fund’s register and record it."),
    evidence=(COVERAGE_RECORD,),
)
ENDS_BEFORE = Finding(
    "cov_ends_before",
    NEEDS_REVIEW,
    _("The coverage at home ends on %(date)s, before the care is needed (%(needed_by)s)."),
    remedy=_("Check in the fund’s register whether it goes on, and record the coverage that follows."),
    evidence=(COVERAGE_RECORD,),
)
COVERED = Finding(
    "cov_covered",
    PASS,
    _("The patient is covered at home on %(date)s."),
    evidence=(COVERAGE_RECORD,),
    moving=("date",),
)


@rule(
    "COV-01",
    position=50,
    title=_("Covered at home"),
    basis=_("Insurance law of the directing country"),
    kind="payment",
    mended_in=MendedIn.COVERAGE,
)
def coverage(facts: Facts) -> Result:
    """Whether a public coverage of the directing country that somebody checked includes today.

    Home is the country that refers and pays, whatever the patient's citizenship. One's own purse has no country.
    """
    if not facts.coverages:
        return NONE()
    home = [item for item in facts.coverages if item.country in {"", facts.directing_country}]
    if not home:
        return ELSEWHERE(parties=sorted({item.country for item in facts.coverages}))
    current = [
        item
        for item in home
        if item.valid_from <= facts.today and (item.valid_to is None or facts.today <= item.valid_to)
    ]
    if not current:
        ended = max(
            (item.valid_to for item in home if item.valid_to and item.valid_to < facts.today), default=None
        )
        if ended is None:
            return NOT_YET(date=min(item.valid_from for item in home).isoformat())
        return ENDED(date=ended.isoformat())
    public = [item for item in current if item.kind in _PUBLIC]
    if not public:
        return NOT_PUBLIC()
    checked = [item for item in public if item.source != "stated"]
    if not checked:
        return ONLY_STATED()
    until = _last_day(checked, home, facts.needed_by or facts.today)
    if facts.needed_by is not None and until is not None and until < facts.needed_by:
        return ENDS_BEFORE(date=until.isoformat(), needed_by=facts.needed_by.isoformat())
    return COVERED(date=facts.today.isoformat())


def _last_day(now: list[CoverageFact], home: list[CoverageFact], needed: date) -> date | None:
    """Until when checked public coverages follow one another without a gap, looked at until the care is needed.

    None where no end is known.
    """
    ahead = [item for item in home if item.kind in _PUBLIC and item.source != "stated"]
    until = _latest(now)
    while until is not None and until < needed:
        following = [
            item
            for item in ahead
            if item.valid_from <= until + timedelta(days=1)
            and (item.valid_to is None or item.valid_to > until)
        ]
        if not following:
            break
        until = _latest(following)
    return until


def _latest(items: list[CoverageFact]) -> date | None:
    ends = [item.valid_to for item in items if item.valid_to is not None]
    return max(ends) if len(ends) == len(items) else None
