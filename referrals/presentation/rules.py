"""The eligibility check in words, for templates/components/rules.html."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agreements.presentation import basis_words
from referrals import wording
from referrals.foresight import Against, Contradiction
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.presentation import when
from referrals.presentation.remedies import Reader, control_of
from referrals.states import ReferralState

_KINDS = {"fail": "bad", "needs_review": "warn", "pass": "ok", "not_applicable": "wait"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as the component takes it; what needs somebody carries a remedy and, if it helps, a link."""

    code: str
    kind: str
    outcome: str
    title: str
    sentence: str
    basis: str
    evidence: str
    remedy: str
    remedy_url: str = ""
    remedy_text: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class CheckPanel:
    """The newest check: heading, the rules with what needs somebody first, and what they recommend together."""

    title: str
    rules: list[Rule]
    recommendation: str
    note: str


def check_panel(
    check: EligibilityCheck | None,
    results: Sequence[RuleResult],
    referral: Referral,
    reader: Reader,
    *,
    basis_of: Callable[[str], str] | None = None,
) -> CheckPanel | None:
    """The newest check in words, None before the first. Each remedy leads to its control, or says who has one.

    `basis_of` gives a rule's own basis in the agreement.
    """
    if check is None:
        return None
    ordered = sorted(results, key=lambda row: (list(_KINDS).index(row.outcome), row.position))
    return CheckPanel(
        title=_("Eligibility: %(summary)s") % {"summary": wording.summary([row.outcome for row in results])},
        rules=[_rule(row, referral, reader, basis_of) for row in ordered],
        recommendation=check.get_recommendation_display(),
        note=_note(check),
    )


def rules_ahead(results: Sequence[RuleResult], referral: Referral, reader: Reader) -> list[Rule]:
    """What the rules will say of a draft, with the controls that help before it is filed."""
    return [_rule(row, referral, reader, None) for row in results]


def contradiction_words(found: Contradiction | None, referral: Referral) -> str:
    """A warning that the wish and what is to come contradict each other, naming both; empty where they don't."""
    if found is None:
        return ""
    if found.against == Against.APPOINTMENT:
        return _(
            "The appointment begins on %(start)s, after the day by which the care is needed: %(day)s."
        ) % {"start": when.day(found.day), "day": when.day(referral.needed_by)}
    if found.against == Against.EMERGENCY:
        return _(
            "An emergency can’t wait, but this care is needed only by %(day)s. Choose another priority if the patient "
            "can wait."
        ) % {"day": when.day(found.day)}
    if referral.state != ReferralState.DRAFT:
        return _(
            "The care is needed by %(day)s, but the ministry may take until %(limit)s to decide. The directing "
            "hospital can raise the urgency if the patient can’t wait."
        ) % {"day": when.day(referral.needed_by), "limit": when.day(found.day)}
    return _(
        "The care is needed by %(day)s, but with this priority the ministry may take until %(limit)s to decide. "
        "Choose a more urgent priority if the patient can’t wait."
    ) % {"day": when.day(referral.needed_by), "limit": when.day(found.day)}


def _note(check: EligibilityCheck) -> str:
    text = (
        _(
            "Checked again on %(moment)s, since something had changed that the rules read. "
            "Version %(version)s of the rules, version %(agreement)s of the agreement. An officer decides."
        )
        if check.again
        else _(
            "Checked on %(moment)s with version %(version)s of the rules and version %(agreement)s of the agreement. "
            "An officer decides."
        )
    )
    return text % {
        "moment": when.moment(check.checked_at),
        "version": check.rule_set_version,
        "agreement": check.agreement_version,
    }


def _rule(
    result: RuleResult, referral: Referral, reader: Reader, basis_of: Callable[[str], str] | None
) -> Rule:
    words = wording.describe(result)
    control = control_of(result, referral, reader)
    return Rule(
        code=words.code,
        kind=_KINDS[words.outcome],
        outcome=words.outcome_label,
        title=words.title,
        sentence=words.sentence,
        basis=_with_code(basis_words(basis_of(words.code) if basis_of else ""), words.code),
        evidence=", ".join(words.evidence),
        remedy=words.remedy,
        remedy_url=control.page if control else "",
        remedy_text=control.text if control else "",
        was=_("Before: %(outcome)s.") % {"outcome": result.get_was_display()} if result.was else "",
    )


def _with_code(basis: str, code: str) -> SafeString:
    """The law with the rule’s code behind it, which never breaks at its hyphen."""
    return format_html('{} <span class="pm-number">({})</span>', basis, code)
