"""DOC-01: documents are there, with the translations that the host needs (Belgian practice)."""

from eligibility.declare import FAIL, NEEDS_REVIEW, PASS, Finding, MendedIn, Result, rule
from eligibility.evidence import STATEMENT
from eligibility.facts import Facts
from eligibility.text import _

NO_DOCUMENTS = Finding(
    "doc_none",
    NEEDS_REVIEW,
    _("No document stands beside the referral."),
    remedy=_("Add the documents that the hospital needs."),
    mended_in=MendedIn.REPORT,
)
UNKNOWN = Finding(
    "doc_unknown",
    NEEDS_REVIEW,
    _("It is not stated whether the documents are complete in a language that the hospital reads."),
    remedy=_("State whether translations are needed, and whether they are there."),
)
MISSING = Finding(
    "doc_missing",
    FAIL,
    _("Translations of the documents are missing."),
    remedy=_("Add the translations, then state that they are complete."),
    evidence=(STATEMENT,),
)
COMPLETE = Finding(
    "doc_complete", PASS, _("The documents and their translations are complete."), evidence=(STATEMENT,)
)
NOT_NEEDED = Finding(
    "doc_not_needed",
    PASS,
    _("The documents are complete, and the hospital needs no translation."),
    evidence=(STATEMENT,),
)


@rule(
    "DOC-01",
    position=87,
    title=_("Documents and translations"),
    basis=_("Practice of referral commissions"),
    kind="documents",
    mended_in=MendedIn.TRANSLATIONS,
)
def documents(facts: Facts) -> Result:
    """Whether there are documents, and they are stated to be complete with their translations."""
    if not facts.documents:
        return NO_DOCUMENTS()
    stated = facts.circumstances.translations
    if not stated:
        return UNKNOWN()
    return {"not_needed": NOT_NEEDED, "complete": COMPLETE}.get(stated, MISSING)()
