"""An agreement and its versions in words."""

from agreements.presentation.agreement import (
    RuleSetting,
    about,
    basis_words,
    covers,
    force_sentence,
    party_names,
    rule_settings,
)
from agreements.presentation.versions import (
    ChainWords,
    StageWords,
    chains_in_words,
    impact_lines,
    limit_words,
    made_rows,
    scope_rows,
)

__all__ = [
    "ChainWords",
    "RuleSetting",
    "StageWords",
    "about",
    "basis_words",
    "chains_in_words",
    "covers",
    "force_sentence",
    "impact_lines",
    "limit_words",
    "made_rows",
    "party_names",
    "rule_settings",
    "scope_rows",
]
