"""PRV-02: no open concern about the host's quality (Directive 2011/24/EU, Article 8(2)(c), as the model)."""

from dataclasses import dataclass

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import DIRECTORY
from eligibility.facts import Facts
from eligibility.parameters import yes_or_no
from eligibility.text import _

CONCERN = Finding(
    "qua_concern",
    FAIL,
    _("The directory holds an open concern about the quality of the hospital: %(host)s."),
    remedy=_("Choose another hospital, or wait until the concern is settled."),
    evidence=(DIRECTORY,),
)
UNCONFIRMED = Finding(
    "qua_unconfirmed",
    NEEDS_REVIEW,
    _("Nobody stands for the data of the hospital yet, so a concern may be unknown: %(host)s."),
    remedy=_("Ask the hospital to confirm its data."),
    evidence=(DIRECTORY,),
    mended_in=MendedIn.HOSTS_WORD,
)
NO_CONCERN = Finding(
    "qua_none",
    PASS,
    _("The directory holds no open concern about the hospital: %(host)s."),
    evidence=(DIRECTORY,),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """`needs_confirmed`: whether a hospital for whose data nobody stands is looked at by the officer."""

    needs_confirmed: bool = yes_or_no(
        True,
        yes=_("A hospital whose data nobody confirmed is looked at by the officer."),
        no=_("A hospital whose data nobody confirmed is taken as the directory has it."),
    )


@rule(
    "PRV-02",
    position=72,
    title=_("Quality of the hospital"),
    basis=_("Grounds of refusal on the model of Directive 2011/24/EU, Article 8"),
    mended_in=MendedIn.HOST_FACILITY,
)
def quality(facts: Facts, parameters: Parameters) -> Result:
    """Whether the directory holds a concern about the host."""
    host = facts.host
    if host.quality_concern:
        return CONCERN(host=host.name)
    if parameters.needs_confirmed and not host.confirmed:
        return UNCONFIRMED(host=host.name)
    return NO_CONCERN(host=host.name)
