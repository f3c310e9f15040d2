"""The kinds of evidence that findings rest on. A rule that needs a kind of its own may declare it in its own file."""

from dataclasses import dataclass

from eligibility.errors import IncompleteRule
from eligibility.text import _


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of evidence: its code in the database, and its name in the middle of a list."""

    code: str
    words: str

    def __post_init__(self) -> None:
        if not self.code or not self.words:
            raise IncompleteRule(f"the kind of evidence {(self.code or self.words)!r} needs a code and words")


TRIAGE_NOTE = Evidence("triage_note", _("triage note"))
IDENTITY_DOCUMENT = Evidence("identity_document", _("identity document"))
ADDRESS_RECORD = Evidence("address_record", _("address record"))
COVERAGE_RECORD = Evidence("coverage_record", _("coverage record"))
SPECIALIST_REPORT = Evidence("specialist_report", _("specialist’s report"))
DIRECTORY = Evidence("directory", _("facility directory"))
CONSENT = Evidence("consent", _("consent"))
EMERGENCY_GROUND = Evidence("emergency_ground", _("recorded emergency ground"))
SEARCH = Evidence("search", _("search of the register"))
STATEMENT = Evidence("clinicians_statement", _("statement of the directing clinician"))
OFFER = Evidence("offer", _("the host’s offer"))
AUTHORISATION = Evidence("authorisation", _("authorisation"))
