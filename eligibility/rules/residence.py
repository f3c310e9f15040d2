"""RES-01: habitual resident of a border district (the access-zone idea of the Franco-Belgian ZOAST)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import ADDRESS_RECORD
from eligibility.facts import Facts
from eligibility.text import _

UNKNOWN = Finding(
    "res_unknown",
    NEEDS_REVIEW,
    _("The patient’s district of residence is not recorded."),
    remedy=_("Record the district where the patient lives."),
)
ABROAD = Finding(
    "res_abroad",
    NEEDS_REVIEW,
    _("The patient lives in %(district)s (%(country)s), outside the directing country."),
    remedy=_("Check the address record."),
)
ELSEWHERE = Finding(
    "res_elsewhere",
    NEEDS_REVIEW,
    _("The patient lives in %(country)s, outside the directing country."),
    remedy=_("Check the address record."),
)
BORDER = Finding(
    "res_border",
    PASS,
    _("%(district)s borders the host country (%(country)s)."),
    evidence=(ADDRESS_RECORD,),
)
INLAND = Finding(
    "res_inland",
    FAIL,
    _("%(district)s does not border the host country (%(country)s)."),
    remedy=_("The officer weighs this. Explain why the hospital across the border is the right one."),
    evidence=(ADDRESS_RECORD,),
)


@rule(
    "RES-01",
    position=40,
    title=_("Lives in a border district"),
    basis=_("Access zones, on the model of the Franco-Belgian ZOAST"),
    mended_in=MendedIn.PERSON,
)
def residence(facts: Facts) -> Result:
    """Whether the patient's district borders the host country."""
    person = facts.patient
    district = dict(person.residence_name)
    if person.residence_country not in ("", facts.directing_country):
        if not person.residence_district:
            return ELSEWHERE(country=person.residence_country)
        return ABROAD(country=person.residence_country, district=district)
    if not person.residence_district:
        return UNKNOWN()
    if facts.host_country in person.borders:
        return BORDER(district=district, country=facts.host_country)
    return INLAND(district=district, country=facts.host_country)
