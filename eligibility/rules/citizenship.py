"""CIT-01: a citizen of a party to the agreement (1998 agreement, Art 1)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import IDENTITY_DOCUMENT
from eligibility.facts import Facts
from eligibility.text import _

UNKNOWN = Finding(
    "cit_unknown",
    NEEDS_REVIEW,
    _("The patient’s citizenship is not recorded. The agreement covers citizens of: %(parties)s."),
    remedy=_("Record the citizenship from the passport or identity card."),
)
PARTY = Finding(
    "cit_party",
    PASS,
    _("Citizenship: %(country)s. The agreement covers citizens of: %(parties)s."),
    evidence=(IDENTITY_DOCUMENT,),
)
NO_PARTY = Finding(
    "cit_no_party",
    FAIL,
    _("Citizenship: %(country)s. The agreement covers only citizens of: %(parties)s."),
    remedy=_("Look for another legal basis, or let the patient apply through their own country."),
    evidence=(IDENTITY_DOCUMENT,),
)


@rule(
    "CIT-01",
    position=30,
    title=_("Citizen of a party"),
    basis=_("Agreement of 26 June 1998, Article 1"),
    mended_in=MendedIn.PERSON,
)
def citizenship(facts: Facts) -> Result:
    """Whether the agreement covers the patient's citizenship."""
    country, parties = facts.patient.citizenship, list(facts.agreement_parties)
    if not country:
        return UNKNOWN(parties=parties)
    if country in parties:
        return PARTY(country=country, parties=parties)
    return NO_PARTY(country=country, parties=parties)
