"""EMG-01: a threat to life needs no prior authorisation (1998 and 1997 agreements, Art 2)."""

from eligibility.declare import NEEDS_REVIEW, NOT_APPLICABLE, PASS, Finding, Result, rule
from eligibility.evidence import TRIAGE_NOTE
from eligibility.facts import Facts
from eligibility.text import _

PLANNED = Finding("emg_planned", NOT_APPLICABLE, _("This is planned care, so prior authorisation is needed."))
NO_TRIAGE_NOTE = Finding(
    "emg_no_triage_note",
    NEEDS_REVIEW,
    _("The referral is marked as an emergency without a triage note."),
    remedy=_("Add the triage note."),
)
LIFE_THREAT = Finding(
    "emg_life_threat",
    PASS,
    _("The triage note shows a threat to life, so no prior authorisation is needed."),
    evidence=(TRIAGE_NOTE,),
)


@rule(
    "EMG-01",
    position=10,
    title=_("Emergency"),
    basis=_("Agreements of 26 June 1998 and 27 March 1997, Article 2"),
)
def emergency(facts: Facts) -> Result:
    """Whether a triage note shows the threat to life that an emergency is."""
    if facts.priority != "stat":
        return PLANNED()
    if not facts.triage_note_given:
        return NO_TRIAGE_NOTE()
    return LIFE_THREAT()
