"""CON-01: a valid consent for the purpose, the recipient country and the period (data laws of the three)."""

from dataclasses import replace
from datetime import date

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import CONSENT, EMERGENCY_GROUND
from eligibility.facts import ConsentFact, Facts
from eligibility.text import _

INSTEAD_OF_IT = Finding(
    "con_emergency_ground",
    NEEDS_REVIEW,
    _("There is no consent; an emergency ground is recorded instead."),
    remedy=_("Record the consent as soon as the patient can give it."),
    evidence=(EMERGENCY_GROUND,),
)
WITHDRAWN = Finding(
    "con_withdrawn",
    FAIL,
    _("The patient has withdrawn the consent to pass data to the host country (%(country)s)."),
    remedy=_("Withdraw the referral, or record a new consent if the patient gives one."),
    evidence=(CONSENT,),
)
NONE = Finding(
    "con_none",
    FAIL,
    _("No consent is valid today for passing data to the host country (%(country)s)."),
    remedy=_("Record the patient’s consent."),
    evidence=(CONSENT,),
)
ENDED = Finding(
    "con_ended",
    FAIL,
    _("The consent to pass data to the host country (%(country)s) ended on %(date)s."),
    remedy=_("Record the patient’s consent."),
    evidence=(CONSENT,),
)
NOT_YET = Finding(
    "con_not_yet",
    FAIL,
    _("The consent to pass data to the host country (%(country)s) begins on %(date)s only."),
    remedy=_("Record a consent that is valid today, or wait."),
    evidence=(CONSENT,),
)
OTHER_HOSPITAL = Finding(
    "con_other_hospital",
    FAIL,
    _("The patient consents to passing data to another hospital in the host country (%(country)s) alone."),
    remedy=_("Record the patient’s consent."),
    evidence=(CONSENT,),
)
CAME_OF_AGE = Finding(
    "con_came_of_age",
    NEEDS_REVIEW,
    _("The patient came of age on %(date)s. The consent was given by a representative before that."),
    remedy=_("Ask the patient for their own consent and record it."),
    evidence=(CONSENT,),
)
TOO_SHORT = Finding(
    "con_too_short",
    NEEDS_REVIEW,
    _("The consent ends on %(date)s, before the care is needed (%(needed_by)s)."),
    remedy=_("Ask the patient for a longer consent."),
    evidence=(CONSENT,),
)
VALID = Finding(
    "con_valid",
    PASS,
    _("The patient consents to passing data to the host country (%(country)s) until %(date)s."),
    evidence=(CONSENT,),
)


@rule(
    "CON-01",
    position=80,
    title=_("Consent"),
    basis=_("Laws on personal data of the three countries"),
    mended_in=MendedIn.CONSENT,
)
def consent(facts: Facts) -> Result:
    """Whether a consent to treatment in the host country is valid today, and long enough."""
    country = facts.host_country
    valid = [
        item
        for item in facts.consents
        if _is_for(item, facts) and not item.withdrawn and item.valid_from <= facts.today <= item.valid_to
    ]
    if not valid:
        return _without(facts)
    grown = facts.patient.of_age_on
    if grown is not None and grown <= facts.today and all(_given_for_a_child(item, grown) for item in valid):
        return CAME_OF_AGE(date=grown.isoformat())
    until = max(item.valid_to for item in valid)
    if facts.needed_by is not None and until < facts.needed_by:
        return TOO_SHORT(country=country, date=until.isoformat(), needed_by=facts.needed_by.isoformat())
    return VALID(country=country, date=until.isoformat())


def _is_for(item: ConsentFact, facts: Facts) -> bool:
    return item.purpose == "treatment" and item.recipient_country == facts.host_country and item.for_host


def _given_for_a_child(item: ConsentFact, grown: date) -> bool:
    """A representative may stand for an adult too; what they said of a child ends with the childhood."""
    return item.by_representative and item.valid_from < grown


def _without(facts: Facts) -> Result:
    if facts.priority == "stat" and facts.emergency_ground_given:
        return INSTEAD_OF_IT(country=facts.host_country)
    if any(item.withdrawn for item in facts.consents):
        return WITHDRAWN(country=facts.host_country)
    fitting = [item for item in facts.consents if _is_for(item, facts)]
    later = [item.valid_from for item in fitting if item.valid_from > facts.today]
    if later:
        return NOT_YET(country=facts.host_country, date=min(later).isoformat())
    if fitting:
        return ENDED(country=facts.host_country, date=max(item.valid_to for item in fitting).isoformat())
    if any(not item.for_host and not item.withdrawn for item in facts.consents):
        return OTHER_HOSPITAL(country=facts.host_country)
    found = NONE(country=facts.host_country)
    return found if facts.consents else replace(found, evidence=())
