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

STATELESS = Finding(
    "cit_stateless",
    FAIL,
    _("The patient is stateless. The agreement covers only citizens of: %(parties)s."),
    remedy=_("Look for another legal basis: a stateless person may have rights where they permanently live."),
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
    """Whether the agreement covers a citizenship of the patient: of several, one of a party is enough.

    Stateless is known, and no citizenship of a party; what isn't known is for somebody to find out.
    """
    person, parties = facts.patient, list(facts.agreement_parties)
    if person.citizenship_status == "stateless":
        return STATELESS(parties=parties)
    if not person.citizenships:
        return UNKNOWN(parties=parties)
    covered = [country for country in person.citizenships if country in parties]
    if covered:
        return PARTY(country=covered, parties=parties)
    return NO_PARTY(country=list(person.citizenships), parties=parties)
