"""The outcomes of the rules in words: what `eligibility` declares, translated where somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext as _

from core.names import in_active_language
from eligibility import EVIDENCE, RULES
from facilities.countries import country_name
from facilities.models import EquipmentKind
from patients.wording import identifier_kind
from referrals.models import RuleResult


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule's outcome as it is shown: `outcome` is the code, everything else is in the active language."""

    code: str
    outcome: str
    outcome_label: str
    title: str
    sentence: str
    remedy: str
    basis: str
    evidence: list[str]
    blocking: bool


def describe(result: RuleResult) -> RuleWords:
    """A rule's outcome in the active language."""
    rule = RULES[result.rule]
    finding = rule.findings[result.message]
    return RuleWords(
        code=result.rule,
        outcome=result.outcome,
        outcome_label=result.get_outcome_display(),
        title=gettext(rule.title),
        sentence=gettext(finding.sentence) % _Shown(result.params),
        remedy=gettext(finding.remedy) if finding.remedy else "",
        basis=gettext(rule.basis),
        evidence=[gettext(EVIDENCE[code].words) for code in result.evidence],
        blocking=result.blocking,
    )


class _Shown(dict[str, str]):
    """The values of a finding in words; one that an older check didn't keep is unknown."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__({name: _shown_value(name, value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return pgettext("date", "unknown")


def grouped(amount: Decimal) -> str:
    """“412 000”, as the active language groups digits; with two decimals where it isn't whole."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return number_format(amount, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def _shown_value(name: str, value: Any) -> str:
    if name in {"date", "needed_by", "offered", "first", "until"}:
        return date_format(date.fromisoformat(value)) if value else pgettext("date", "unknown")
    if name in {"country", "parties"}:
        return ", ".join(country_name(code) for code in ([value] if isinstance(value, str) else value))
    if name in {"estimate", "limit"}:
        return grouped(Decimal(str(value)))
    if name == "system":
        return str(identifier_kind(value))
    if name == "equipment":
        return ", ".join(str(dict(EquipmentKind.choices).get(code, code)) for code in value)
    if name in {"care", "area"}:
        return in_active_language(value)
    if name == "district":
        return str(value.get(get_language() or "en") or value.get("en", ""))
    if name == "agreement":
        return in_active_language(value)
    return str(value)


def summary(outcomes: list[str]) -> str:
    """“7 passed, 1 to review, 1 failed”, without the outcomes that don’t occur."""
    passed, review, failed = (outcomes.count(name) for name in ("pass", "needs_review", "fail"))
    parts = []
    if passed:
        parts.append(ngettext("%(count)s passed", "%(count)s passed", passed) % {"count": passed})
    if review:
        parts.append(ngettext("%(count)s to review", "%(count)s to review", review) % {"count": review})
    if failed:
        parts.append(ngettext("%(count)s failed", "%(count)s failed", failed) % {"count": failed})
    return ", ".join(parts) or _("no rule applies")
