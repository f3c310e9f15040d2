"""Whether a referral fits an agreement: pure functions from facts to outcomes, with the words for each outcome.

No Django, no database, and nothing of the other rooms: whoever asks gathers the `facts` (what the rules read, and
nothing else is called so), hands over the agreement's settings, and translates the words where somebody reads them.
`rules` has a file for each rule, `declare` and `parameters` say how one is written, `registry` finds them, `settings`
checks what an agreement sets, `engine` runs what an agreement names.
"""

from eligibility.calendar import next_turn
from eligibility.declare import Finding, MendedIn, Result, Rule
from eligibility.engine import RULE_SET_VERSION, CheckResult, run
from eligibility.errors import IncompleteRule
from eligibility.facts import (
    AgreementFact,
    AlertFact,
    AuthorisedFact,
    CircumstancesFact,
    ConsentFact,
    ConsiliumFact,
    CoverageFact,
    DocumentFact,
    EquipmentFact,
    Facts,
    HostFact,
    IdentifierFact,
    ListedFact,
    OfferFact,
    OtherReferralFact,
    PatientFact,
    PolicyFact,
    QuotaFact,
    ReportFact,
)
from eligibility.registry import EVIDENCE, RULES
from eligibility.settings import Mistake, mistakes_in, parameters_of
from eligibility.text import Plural

__all__ = [
    "EVIDENCE",
    "RULES",
    "RULE_SET_VERSION",
    "AgreementFact",
    "AlertFact",
    "AuthorisedFact",
    "CheckResult",
    "CircumstancesFact",
    "ConsentFact",
    "ConsiliumFact",
    "CoverageFact",
    "DocumentFact",
    "EquipmentFact",
    "Facts",
    "Finding",
    "HostFact",
    "IdentifierFact",
    "IncompleteRule",
    "ListedFact",
    "MendedIn",
    "Mistake",
    "OfferFact",
    "OtherReferralFact",
    "PatientFact",
    "Plural",
    "PolicyFact",
    "QuotaFact",
    "ReportFact",
    "Result",
    "Rule",
    "mistakes_in",
    "next_turn",
    "parameters_of",
    "run",
]
