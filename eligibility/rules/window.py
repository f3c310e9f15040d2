"""WIN-01: the care lies inside the authorised window (European S2 authorisation, as the model)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import AUTHORISATION, OFFER
from eligibility.facts import Facts
from eligibility.text import _

EMERGENCY = Finding("win_emergency", NOT_APPLICABLE, _("An emergency needs no authorised window."))
NONE_YET = Finding("win_none_yet", NOT_APPLICABLE, _("No window is authorised yet: the decision sets it."))
BEFORE = Finding(
    "win_before",
    FAIL,
    _("The hospital offers %(offered)s, before the authorised window begins (%(date)s)."),
    remedy=_("Ask the hospital for a later date."),
    evidence=(OFFER, AUTHORISATION),
    mended_in=MendedIn.HOSTS_WORD,
)
AFTER = Finding(
    "win_after",
    FAIL,
    _("The care lasts until %(offered)s, after the authorised window ends (%(date)s)."),
    remedy=_("The officer extends the authorisation, or the hospital offers an earlier date."),
    evidence=(OFFER, AUTHORISATION),
)
ENDED = Finding(
    "win_ended",
    FAIL,
    _("The authorised window ended on %(date)s."),
    remedy=_("The officer extends the authorisation."),
    evidence=(AUTHORISATION,),
)
NO_DATE = Finding(
    "win_no_date",
    NEEDS_REVIEW,
    _("The authorised window ends on %(date)s; the hospital has offered no date yet."),
    remedy=_("Wait for the hospital’s date, or ask the hospital for it."),
    evidence=(AUTHORISATION,),
    mended_in=MendedIn.HOSTS_WORD,
)
INSIDE = Finding(
    "win_inside",
    PASS,
    _("The care from %(first)s to %(offered)s lies inside the authorised window, which ends on %(date)s."),
    evidence=(OFFER, AUTHORISATION),
)


@rule(
    "WIN-01",
    position=92,
    title=_("Inside the authorised window"),
    basis=_("The authorisation’s own dates"),
    mended_in=MendedIn.OFFICER,
)
def window(facts: Facts) -> Result:
    """Whether the host's dates lie in the window of the authorisation in force."""
    if facts.is_emergency:
        return EMERGENCY()
    given, offer = facts.authorised, facts.offer
    if given is None:
        return NONE_YET()
    until = given.until.isoformat()
    if offer is None:
        return ENDED(date=until) if given.until < facts.today else NO_DATE(date=until)
    if offer.first < given.since:
        return BEFORE(offered=offer.first.isoformat(), date=given.since.isoformat())
    if offer.last > given.until:
        return AFTER(offered=offer.last.isoformat(), date=until)
    return INSIDE(first=offer.first.isoformat(), offered=offer.last.isoformat(), date=until)
