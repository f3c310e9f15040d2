"""EAE-01: a worker of the Eurasian Economic Union or one of the family (treaty's annex on medical care; KZ and KG)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.text import _

MEMBERS = frozenset({"KZ", "KG"})
#: The kind of document that shows it.
GROUND = "eaeu_ground"
CONTRACT = Evidence(GROUND, _("employment contract or proof of kinship"))

OTHER_COUNTRIES = Finding(
    "eae_other_countries",
    NOT_APPLICABLE,
    _("The annex on workers counts between Kazakhstan and Kyrgyzstan alone."),
)
UNKNOWN = Finding(
    "eae_unknown",
    NEEDS_REVIEW,
    _(
        "It is not stated whether the patient is a worker of the Eurasian Economic Union or of a worker’s family."
    ),
    remedy=_("Ask the patient and state it."),
)
NOT_SHOWN = Finding(
    "eae_not_shown",
    NEEDS_REVIEW,
    _("The patient is stated to be a worker or of a worker’s family, and no document shows it."),
    remedy=_("Add the employment contract or the proof of kinship."),
    mended_in=MendedIn.DOCUMENT,
)
NEITHER = Finding(
    "eae_neither",
    FAIL,
    _("The patient is neither a worker of the Eurasian Economic Union nor of a worker’s family."),
    remedy=_("Look for another legal basis, or correct what is stated."),
)
SHOWN = Finding(
    "eae_shown",
    PASS,
    _("A document of %(date)s shows that the patient is a worker or of a worker’s family."),
    evidence=(CONTRACT,),
)


@rule(
    "EAE-01",
    position=45,
    title=_("Worker of the Union or family"),
    basis=_("Treaty on the Eurasian Economic Union, annex on medical care"),
    mended_in=MendedIn.MEANS,
)
def eaeu(facts: Facts) -> Result:
    """Whether the patient is covered as a worker or as one of a worker's family, and a document shows it."""
    if {facts.directing_country, facts.host_country} != MEMBERS:
        return OTHER_COUNTRIES()
    stated = facts.circumstances.eaeu
    if not stated:
        return UNKNOWN()
    if stated == "neither":
        return NEITHER()
    shown = [item.dated_on for item in facts.documents if item.kind == GROUND]
    return SHOWN(date=max(shown).isoformat()) if shown else NOT_SHOWN()
