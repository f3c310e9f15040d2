"""IDN-01: an identifier's form, checksum, date of birth and sex agree (domain §6)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import IDENTITY_DOCUMENT
from eligibility.facts import Facts
from eligibility.text import _

UNKNOWN_PATIENT = Finding(
    "idn_unknown_patient",
    NEEDS_REVIEW,
    _("The patient’s identity is not known yet."),
    remedy=_("Add the patient’s name and number as soon as they are known."),
)
NO_IDENTIFIER = Finding(
    "idn_no_identifier",
    NEEDS_REVIEW,
    _("The patient’s record holds no identity number."),
    remedy=_("Add the number of an identity document to the patient’s record."),
)
WRONG = Finding(
    "idn_wrong",
    FAIL,
    _("The number does not have the form that it must have: %(system)s."),
    remedy=_("Compare the number with the document and correct it."),
    evidence=(IDENTITY_DOCUMENT,),
)
DISAGREES = Finding(
    "idn_disagrees",
    NEEDS_REVIEW,
    _("The number is well formed, but does not agree with the record in every point: %(system)s."),
    remedy=_("Compare the number, date of birth and sex with the document."),
    evidence=(IDENTITY_DOCUMENT,),
)
EXPIRED = Finding(
    "idn_expired",
    NEEDS_REVIEW,
    _("The document is no longer valid: %(system)s. It ran out on %(date)s."),
    remedy=_("Add the number of a document that is valid."),
    evidence=(IDENTITY_DOCUMENT,),
)
ENDS_BEFORE = Finding(
    "idn_ends_before",
    NEEDS_REVIEW,
    _("The document is valid until %(date)s only, and the care is needed by %(needed_by)s: %(system)s."),
    remedy=_("Add the number of a document that is valid for longer, or have this one renewed."),
    evidence=(IDENTITY_DOCUMENT,),
)
AGREES = Finding(
    "idn_agrees",
    PASS,
    _("The number has the right form and agrees with the record: %(system)s."),
    evidence=(IDENTITY_DOCUMENT,),
)


@rule(
    "IDN-01",
    position=20,
    title=_("Identity"),
    basis=_("Rules of the three countries for personal identification numbers"),
    mended_in=MendedIn.NUMBERS,
)
def identity(facts: Facts) -> Result:
    """Whether one number is sound and says nothing else than the record. A temporary number never counts.

    A document that ends before the care is a question: at the border and in the hospital the patient shows it.
    """
    person = facts.patient
    if person.is_unknown:
        return UNKNOWN_PATIENT()
    real = [item for item in person.identifiers if item.system != "temporary"]
    if not real:
        return NO_IDENTIFIER()
    sound = [item for item in real if not item.errors]
    if not sound:
        return WRONG(system=real[0].system)
    clean = [item for item in sound if not item.warnings]
    if not clean:
        return DISAGREES(system=sound[0].system, warnings=list(sound[0].warnings))
    valid = [item for item in clean if item.expires_on is None or facts.today <= item.expires_on]
    if not valid:
        last = max(clean, key=lambda item: item.expires_on or facts.today)
        assert last.expires_on is not None, "what has no end is valid"
        return EXPIRED(system=last.system, date=last.expires_on.isoformat())
    needed = max(facts.needed_by or facts.today, facts.today)
    lasting = [item for item in valid if item.expires_on is None or needed <= item.expires_on]
    if not lasting:
        last = max(valid, key=lambda item: item.expires_on or facts.today)
        assert last.expires_on is not None, "what has no end lasts"
        return ENDS_BEFORE(system=last.system, date=last.expires_on.isoformat(), needed_by=needed.isoformat())
    return AGREES(system=lasting[0].system)
