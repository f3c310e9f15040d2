"""Eligibility rules: pure functions from facts to outcomes. No Django, no database, no words.

`facts` holds what a rule may know, `rules` the rules, `engine` runs them. A message key is put into words by
`referrals.wording` where somebody reads it.
"""

from eligibility.engine import RULE_SET_VERSION, CheckResult, run
from eligibility.facts import (
    ConsentFact,
    CoverageFact,
    Facts,
    HostFact,
    IdentifierFact,
    OtherReferralFact,
    PatientFact,
    ReportFact,
)
from eligibility.rules import RULES, Result

__all__ = [
    "RULES",
    "RULE_SET_VERSION",
    "CheckResult",
    "ConsentFact",
    "CoverageFact",
    "Facts",
    "HostFact",
    "IdentifierFact",
    "OtherReferralFact",
    "PatientFact",
    "ReportFact",
    "Result",
    "run",
]
