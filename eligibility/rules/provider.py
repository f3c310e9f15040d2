"""PRV-01: a named, licensed host that offers the service and has the equipment (S2; the agreement)."""

from dataclasses import dataclass

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import DIRECTORY
from eligibility.facts import EquipmentFact, Facts
from eligibility.parameters import yes_or_no
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
NUMBER_UNKNOWN = Finding(
    "prv_number_unknown",
    NEEDS_REVIEW,
    _("The hospital offers the care; the number of its licence is not known: %(host)s."),
    remedy=_("Ask the hospital for the number of its licence."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
EQUIPMENT_LOST = Finding(
    "prv_equipment_lost",
    FAIL,
    _("The hospital no longer has what the care needs (%(equipment)s): %(host)s."),
    remedy=_("Choose another hospital, or ask this one whether it has the equipment again."),
    evidence=(DIRECTORY,),
)
EQUIPMENT_UNKNOWN = Finding(
    "prv_equipment_unknown",
    NEEDS_REVIEW,
    _("The hospital has not said whether it has what the care needs (%(equipment)s): %(host)s."),
    remedy=_("Ask the hospital to say which equipment it has."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
EQUIPMENT_OF_GROUP = Finding(
    "prv_equipment_of_group",
    NEEDS_REVIEW,
    _(
        "What the care needs (%(equipment)s) is listed for a group of hospitals, not confirmed for this one: %(host)s."
    ),
    remedy=_("Ask the hospital to say which equipment it has."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
LICENSED = Finding(
    "prv_licensed",
    PASS,
    _("The hospital offers the care and is licensed: %(host)s."),
    evidence=(DIRECTORY,),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """`needs_number`: whether the number of the licence must be known."""

    needs_number: bool = yes_or_no(
        True,
        yes=_("The number of the hospital’s licence must be known."),
        no=_("The number of the hospital’s licence need not be known."),
    )


@rule(
    "PRV-01",
    position=70,
    title=_("Host hospital"),
    basis=_("The agreement; European S2 authorisation"),
    mended_in=MendedIn.HOST_FACILITY,
)
def provider(facts: Facts, parameters: Parameters) -> Result:
    """Whether the host takes referrals, offers the care, is licensed today and has the equipment."""
    host = facts.host
    failed = _failing(facts)
    if failed is not None:
        return failed
    if not host.offer_verified:
        return OFFER_UNCONFIRMED(host=host.name, basis=host.offer_basis)
    if host.licence_from is None and host.licence_until is None:
        return LICENCE_UNKNOWN(host=host.name)
    until, needed_by = host.licence_until, facts.needed_by
    if until is not None and needed_by is not None and until < needed_by:
        return LICENCE_ENDS_BEFORE(host=host.name, date=until.isoformat(), needed_by=needed_by.isoformat())
    if parameters.needs_number and not host.licence_number:
        return NUMBER_UNKNOWN(host=host.name)
    _lost, unknown, of_group = _equipment(facts)
    if unknown:
        return EQUIPMENT_UNKNOWN(host=host.name, equipment=unknown)
    if of_group:
        return EQUIPMENT_OF_GROUP(host=host.name, equipment=of_group)
    return LICENSED(host=host.name)


def _failing(facts: Facts) -> Result | None:
    host = facts.host
    if not host.active or not host.accepts_referrals:
        return CLOSED(host=host.name)
    if not host.offer_basis:
        return NOT_OFFERED(host=host.name)
    if host.licence_until is not None and host.licence_until < facts.today:
        return LICENCE_ENDED(host=host.name, date=host.licence_until.isoformat())
    if host.licence_from is not None and host.licence_from > facts.today:
        return LICENCE_LATER(host=host.name, date=host.licence_from.isoformat())
    lost = _equipment(facts)[0]
    return EQUIPMENT_LOST(host=host.name, equipment=lost) if lost else None


def _equipment(facts: Facts) -> tuple[list[str], list[str], list[str]]:
    """Of what the care needs: what the host has lost, has never named, and has by the word of a group's list alone."""
    lost: list[str] = []
    unknown: list[str] = []
    of_group: list[str] = []
    for kind in sorted(set(facts.circumstances.equipment)):
        known = [item for item in facts.host.equipment if item.kind == kind]
        there = [item for item in known if _is_there(item, facts)]
        if not there:
            (lost if known else unknown).append(kind)
        elif all(item.for_group for item in there):
            of_group.append(kind)
    return lost, unknown, of_group


def _is_there(item: EquipmentFact, facts: Facts) -> bool:
    return (item.since is None or item.since <= facts.today) and (
        item.until is None or facts.today <= item.until
    )
