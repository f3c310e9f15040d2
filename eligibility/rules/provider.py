"""PRV-01: a named, licensed host that offers the service (S2; the agreement)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import DIRECTORY
from eligibility.facts import Facts
from eligibility.text import _

CLOSED = Finding(
    "prv_closed",
    FAIL,
    _("The hospital takes no referrals now: %(host)s."),
    remedy=_("Choose another hospital."),
    evidence=(DIRECTORY,),
)
NOT_OFFERED = Finding(
    "prv_not_offered",
    FAIL,
    _("The directory does not list this specialty for the hospital: %(host)s."),
    remedy=_("Choose another hospital, or ask the hospital to confirm that it offers the care."),
    evidence=(DIRECTORY,),
)
LICENCE_ENDED = Finding(
    "prv_licence_ended",
    FAIL,
    _("The hospital’s licence ended on %(date)s: %(host)s."),
    remedy=_("Choose another hospital, or ask for its present licence."),
    evidence=(DIRECTORY,),
)
LICENCE_LATER = Finding(
    "prv_licence_later",
    FAIL,
    _("The hospital’s licence begins only on %(date)s: %(host)s."),
    remedy=_("Choose another hospital, or wait."),
    evidence=(DIRECTORY,),
)
LICENCE_ENDS_BEFORE = Finding(
    "prv_licence_ends_before",
    NEEDS_REVIEW,
    _("The hospital’s licence ends on %(date)s, before the care is needed (%(needed_by)s): %(host)s."),
    remedy=_("Ask the hospital for the dates of its licence."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
OFFER_UNCONFIRMED = Finding(
    "prv_offer_unconfirmed",
    NEEDS_REVIEW,
    _("The directory lists the specialty, but the hospital has not confirmed it: %(host)s."),
    remedy=_("Ask the hospital to confirm that it offers the care."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
LICENCE_UNKNOWN = Finding(
    "prv_licence_unknown",
    NEEDS_REVIEW,
    _("The hospital offers the care; the dates of its licence are not known: %(host)s."),
    remedy=_("Ask the hospital for the dates of its licence."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
LICENSED = Finding(
    "prv_licensed",
    PASS,
    _("The hospital offers the care and is licensed: %(host)s."),
    evidence=(DIRECTORY,),
)


@rule(
    "PRV-01",
    position=70,
    title=_("Host hospital"),
    basis=_("The agreement; European S2 authorisation"),
    mended_in=MendedIn.HOST_FACILITY,
)
def provider(facts: Facts) -> Result:
    """Whether the host takes referrals, offers the care, and is licensed today."""
    host = facts.host
    if not host.active or not host.accepts_referrals:
        return CLOSED(host=host.name)
    if not host.offer_basis:
        return NOT_OFFERED(host=host.name)
    if host.licence_until is not None and host.licence_until < facts.today:
        return LICENCE_ENDED(host=host.name, date=host.licence_until.isoformat())
    if host.licence_from is not None and host.licence_from > facts.today:
        return LICENCE_LATER(host=host.name, date=host.licence_from.isoformat())
    if not host.offer_verified:
        return OFFER_UNCONFIRMED(host=host.name, basis=host.offer_basis)
    if host.licence_from is None and host.licence_until is None:
        return LICENCE_UNKNOWN(host=host.name)
    until, needed_by = host.licence_until, facts.needed_by
    if until is not None and needed_by is not None and until < needed_by:
        return LICENCE_ENDS_BEFORE(host=host.name, date=until.isoformat(), needed_by=needed_by.isoformat())
    return LICENSED(host=host.name)
