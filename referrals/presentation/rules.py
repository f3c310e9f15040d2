"""The eligibility check in words, for templates/components/rules.html."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from eligibility import RULES, MendedIn
from referrals import wording
from referrals.models import EligibilityCheck, Referral, RuleResult
from referrals.presentation import when

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
    *,
    may_mend: bool = False,
) -> CheckPanel | None:
    """The newest check in words, None before the first. `may_mend` adds links to what the reader can put right."""
    if check is None:
        return None
    ordered = sorted(results, key=lambda row: (list(_KINDS).index(row.outcome), row.position))
    return CheckPanel(
        title=_("Eligibility: %(summary)s") % {"summary": wording.summary([row.outcome for row in results])},
        rules=[_rule(row, referral, may_mend) for row in ordered],
        recommendation=check.get_recommendation_display(),
        note=_note(check),
    )


def _note(check: EligibilityCheck) -> str:
    text = (
        _(
            "Checked again on %(moment)s, since something had changed that the rules read. "
            "Version %(version)s of the rules. An officer decides."
        )
        if check.again
        else _("Checked on %(moment)s with version %(version)s of the rules. An officer decides.")
    )
    return text % {"moment": when.moment(check.checked_at), "version": check.rule_set_version}


def _rule(result: RuleResult, referral: Referral, may_mend: bool) -> Rule:
    words = wording.describe(result)
    url, text = _mend(result, referral) if may_mend and words.remedy else ("", "")
    return Rule(
        code=words.code,
        kind=_KINDS[words.outcome],
        outcome=words.outcome_label,
        title=words.title,
        sentence=words.sentence,
        basis=_with_code(words.basis, words.code),
        evidence=", ".join(words.evidence),
        remedy=words.remedy,
        remedy_url=url,
        remedy_text=text,
        was=_("Before: %(outcome)s.") % {"outcome": result.get_was_display()} if result.was else "",
    )


def _with_code(basis: str, code: str) -> SafeString:
    """The law with the rule’s code behind it, which never breaks at its hyphen."""
    return format_html('{} <span class="pm-number">({})</span>', basis, code)


def _mend(result: RuleResult, referral: Referral) -> tuple[str, str]:
    """Where the directing clinician puts right what the rule found: (address, words)."""
    match RULES[result.rule].mended_in:
        case MendedIn.PATIENT_RECORD:
            return reverse("patients:detail", args=[referral.patient_id]), _("Open the patient’s record")
        case MendedIn.CONSENT:
            back = reverse("referrals:detail", args=[referral.pk])
            query = f"?country={referral.host_country_id}&next={back}"
            return reverse("patients:consent", args=[referral.patient_id]) + query, _("Record a consent")
        case MendedIn.HOST_FACILITY if referral.host_facility_id:
            address = reverse("facilities:detail", args=[referral.host_facility_id])
            return address, _("Open the hospital’s page")
        case _:
            return "", ""
