"""The eligibility check in words, for templates/components/rules.html."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from eligibility import RULES, MendedIn
from referrals import wording
from referrals.foresight import Contradiction
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
    steps: Collection[str] | None = None,
) -> CheckPanel | None:
    """The newest check in words, None before the first.

    `steps` are those that the directing clinician who reads can take now: with them each remedy leads to its control.
    Any other reader (None) is told who can.
    """
    if check is None:
        return None
    ordered = sorted(results, key=lambda row: (list(_KINDS).index(row.outcome), row.position))
    return CheckPanel(
        title=_("Eligibility: %(summary)s") % {"summary": wording.summary([row.outcome for row in results])},
        rules=[_rule(row, referral, steps) for row in ordered],
        recommendation=check.get_recommendation_display(),
        note=_note(check),
    )


def rules_ahead(results: Sequence[RuleResult], referral: Referral) -> list[Rule]:
    """What the rules will say of a draft, with the controls that help before it is filed."""
    return [_rule(row, referral, ()) for row in results]


def contradiction_words(found: Contradiction | None, referral: Referral) -> str:
    """A warning that the wish and the limit contradict each other, naming both; empty where they don't."""
    if found is None:
        return ""
    return _(
        "The care is needed by %(day)s, but with this priority the ministry may take until %(limit)s to decide. "
        "Choose a more urgent priority if the patient can’t wait."
    ) % {"day": when.day(referral.needed_by), "limit": when.day(found.decides_by)}


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


def _rule(result: RuleResult, referral: Referral, steps: Collection[str] | None) -> Rule:
    words = wording.describe(result)
    url, text = "", ""
    if words.remedy and steps is None:
        text = _("The clinician who refers can do this.")
    elif words.remedy and steps is not None:
        url, text = _mend(result, referral, steps)
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


def _mend(result: RuleResult, referral: Referral, steps: Collection[str]) -> tuple[str, str]:
    """The control by which the directing clinician puts right what the rule found: (address, words)."""
    patient, back = [referral.patient_id], reverse("referrals:detail", args=[referral.pk])
    rule = RULES[result.rule]
    match rule.findings[result.message].mended_in or rule.mended_in:
        case MendedIn.PERSON:
            return reverse("patients:edit", args=patient), _("Change the patient’s record")
        case MendedIn.NUMBERS:
            return reverse("patients:detail", args=patient) + "#numbers", _("Open the patient’s numbers")
        case MendedIn.COVERAGE:
            return f"{reverse('patients:coverage', args=patient)}?next={back}", _("Record the coverage")
        case MendedIn.CONSENT:
            query = f"?country={referral.host_country_id}&next={back}"
            return reverse("patients:consent", args=patient) + query, _("Record a consent")
        case MendedIn.REPORT if "add_evidence" in steps:
            return reverse("referrals:step", args=[referral.pk, "add_evidence"]), _("Add a document")
        case MendedIn.HOST_FACILITY if "change_host" in steps:
            return reverse("referrals:step", args=[referral.pk, "change_host"]), _("Ask for another hospital")
        case MendedIn.HOST_FACILITY | MendedIn.HOSTS_WORD if referral.host_facility_id is not None:
            words = _("See what the hospital has confirmed, and whom to ask")
            return reverse("facilities:confirm", args=[referral.host_facility_id]), words
        case MendedIn.WITHDRAWAL if "withdraw" in steps:
            return reverse("referrals:step", args=[referral.pk, "withdraw"]), _("Withdraw the referral")
        case _:
            return "", ""
