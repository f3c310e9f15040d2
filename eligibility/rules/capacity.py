"""CAP-01: the host's date lies within the justified time (Regulation 883/2004, Article 20(2), as the model)."""

from collections.abc import Iterator
from datetime import date, timedelta

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import DIRECTORY, OFFER
from eligibility.facts import Facts
from eligibility.text import _

EMERGENCY = Finding("cap_emergency", NOT_APPLICABLE, _("The hospital takes an emergency at once."))
NO_LIMIT = Finding(
    "cap_no_limit",
    NEEDS_REVIEW,
    _("It is not stated by when the care is needed, so the hospital’s date can’t be judged."),
    remedy=_("Give the date by which the care is needed."),
)
UNKNOWN = Finding(
    "cap_unknown",
    NEEDS_REVIEW,
    _("The hospital has offered no date yet and publishes no wait: %(host)s."),
    remedy=_("Ask the hospital how soon it can take the patient."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
OFFER_LATE = Finding(
    "cap_offer_late",
    FAIL,
    _("The hospital offers %(offered)s, after the day by which the care is needed (%(needed_by)s)."),
    remedy=_("Ask the hospital for an earlier date, or choose another hospital."),
    evidence=(OFFER,),
)
OFFER_IN_TIME = Finding(
    "cap_offer_in_time",
    PASS,
    _("The hospital offers %(offered)s, in time for the day by which the care is needed (%(needed_by)s)."),
    evidence=(OFFER,),
)
WAIT_LATE = Finding(
    "cap_wait_late",
    FAIL,
    _("By its published wait of %(limit)s days the hospital is too late for %(needed_by)s: %(host)s."),
    remedy=_("Choose another hospital, or ask this one for its present wait."),
    evidence=(DIRECTORY,),
)
WAIT_IN_TIME = Finding(
    "cap_wait_in_time",
    PASS,
    _(
        "By its published wait of %(limit)s days the hospital can take the patient by %(needed_by)s: %(host)s."
    ),
    evidence=(DIRECTORY,),
)


def _grows_late(facts: Facts) -> Iterator[date]:
    wait = facts.host.wait_days
    if facts.needed_by is not None and wait is not None and facts.offer is None:
        yield facts.needed_by - timedelta(days=min(wait, facts.needed_by.toordinal() - 2)) + timedelta(days=1)


@rule(
    "CAP-01",
    position=74,
    title=_("The hospital’s date"),
    basis=_("Prior authorisation on the model of Regulation 883/2004, Article 20(2)"),
    mended_in=MendedIn.HOST_FACILITY,
    turns=_grows_late,
)
def capacity(facts: Facts) -> Result:
    """Whether the host's offer, or else its published wait, is in time."""
    host, needed_by = facts.host, facts.needed_by
    if facts.is_emergency:
        return EMERGENCY()
    if needed_by is None:
        return NO_LIMIT()
    shown = {"host": host.name, "needed_by": needed_by.isoformat()}
    if facts.offer is not None:
        found = OFFER_IN_TIME if facts.offer.first <= needed_by else OFFER_LATE
        return found(**shown, offered=facts.offer.first.isoformat())
    if host.wait_days is None:
        return UNKNOWN(**shown)
    in_time = host.wait_days <= (needed_by - facts.today).days
    return (WAIT_IN_TIME if in_time else WAIT_LATE)(**shown, limit=host.wait_days)
