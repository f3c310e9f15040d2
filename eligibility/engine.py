"""Runs the rules that an agreement names and puts their outcomes together."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from eligibility.declare import FAIL, NEEDS_REVIEW, Result, Rule
from eligibility.facts import Facts
from eligibility.parameters import BLOCKING, BLOCKING_NAME
from eligibility.registry import RULES

#: Raised whenever a rule's outcome for the same facts may differ from before.
RULE_SET_VERSION = "2026.11.7"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """One rule's result and whether its failure blocks a grant under this agreement."""

    code: str
    blocking: bool
    result: Result


@dataclass(frozen=True, slots=True)
class CheckResult:
    """All outcomes, and what they recommend: `grant`, `review` or `refuse`. A recommendation decides nothing."""

    outcomes: tuple[RuleOutcome, ...]
    recommendation: str
    inputs_hash: str
    rule_set_version: str = RULE_SET_VERSION


def run(
    facts: Facts, rule_settings: Mapping[str, Mapping[str, Any]], rules: Mapping[str, Rule] = RULES
) -> CheckResult:
    """Run the rules named in `rule_settings` (code → settings; `blocking` defaults to true), in the rules' own order.

    Any blocking fail recommends refusal; else anything to review, or a fail that doesn't block, leaves it to the
    officer; else the rules recommend a grant. Raises KeyError for a code that no rule has, and ValueError for a
    setting outside what the rule declares.
    """
    unknown = set(rule_settings) - set(rules)
    if unknown:
        raise KeyError(f"no such rule: {', '.join(sorted(unknown))}")
    outcomes = tuple(
        RuleOutcome(
            code=code,
            blocking=bool(rule_settings[code].get(BLOCKING_NAME, BLOCKING.default)),
            result=rule(facts, rule_settings[code]),
        )
        for code, rule in rules.items()
        if code in rule_settings
    )
    return CheckResult(
        outcomes=outcomes, recommendation=_recommend(outcomes), inputs_hash=inputs_hash(facts, rule_settings)
    )


def _recommend(outcomes: tuple[RuleOutcome, ...]) -> str:
    if any(item.blocking and item.result.outcome == FAIL for item in outcomes):
        return "refuse"
    if any(item.result.outcome in {FAIL, NEEDS_REVIEW} for item in outcomes):
        return "review"
    return "grant"


def inputs_hash(facts: Facts, rule_settings: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256 over the facts and settings as canonical JSON: the same inputs give the same hash anywhere."""
    content = {
        "facts": asdict(facts),
        "settings": {code: dict(value) for code, value in rule_settings.items()},
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=_iso, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a fact must be plain data, not {type(value).__name__}")
