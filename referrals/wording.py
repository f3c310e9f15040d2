"""Rules in words: what each rule asks, what an outcome means, what to do about it. Translated where it's read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from core.errors import Text
from patients import identifiers
from referrals.models import RuleResult

RULE_TITLES: dict[str, Text] = {
    "EMG-01": gettext_lazy("Emergency"),
    "IDN-01": gettext_lazy("Identity"),
    "CIT-01": gettext_lazy("Citizen of a party"),
    "RES-01": gettext_lazy("Lives in a border district"),
    "COV-01": gettext_lazy("Covered at home"),
    "MED-01": gettext_lazy("Medical report"),
    "PRV-01": gettext_lazy("Host hospital"),
    "CON-01": gettext_lazy("Consent"),
    "DUP-01": gettext_lazy("No second referral"),
}

RULE_BASIS: dict[str, Text] = {
    "EMG-01": gettext_lazy("Agreements of 26 June 1998 and 27 March 1997, Article 2"),
    "IDN-01": gettext_lazy("Rules of the three countries for personal identification numbers"),
    "CIT-01": gettext_lazy("Agreement of 26 June 1998, Article 1"),
    "RES-01": gettext_lazy("Access zones, on the model of the Franco-Belgian ZOAST"),
    "COV-01": gettext_lazy("Insurance law of the directing country"),
    "MED-01": gettext_lazy("Practice of referral commissions"),
    "PRV-01": gettext_lazy("The agreement; European S2 authorisation"),
    "CON-01": gettext_lazy("Laws on personal data of the three countries"),
    "DUP-01": gettext_lazy("Order of the register: one referral for one care"),
}

EVIDENCE: dict[str, Text] = {
    "triage_note": gettext_lazy("triage note"),
    "identity_document": gettext_lazy("identity document"),
    "address_record": gettext_lazy("address record"),
    "coverage_record": gettext_lazy("coverage record"),
    "specialist_report": gettext_lazy("specialist’s report"),
    "directory": gettext_lazy("facility directory"),
    "consent": gettext_lazy("consent"),
    "emergency_ground": gettext_lazy("recorded emergency ground"),
    "search": gettext_lazy("search of the register"),
}

IDENTIFIER_NAMES: dict[str, Text] = {
    system.code: gettext_lazy(system.in_sentence) for system in identifiers.ALL
}

COUNTRY_NAMES: dict[str, Text] = {
    "KZ": gettext_lazy("Kazakhstan"),
    "UZ": gettext_lazy("Uzbekistan"),
    "KG": gettext_lazy("Kyrgyzstan"),
    "TJ": gettext_lazy("Tajikistan"),
}

# A message key → (sentence, remedy or ""). Parameters are named; each is a whole sentence.
MESSAGES: dict[str, tuple[Text, Text]] = {
    "emg_planned": (gettext_lazy("This is planned care, so prior authorisation is needed."), ""),
    "emg_life_threat": (
        gettext_lazy("The triage note shows a threat to life, so no prior authorisation is needed."),
        "",
    ),
    "emg_no_triage_note": (
        gettext_lazy("The referral is marked as an emergency without a triage note."),
        gettext_lazy("Add the triage note."),
    ),
    "idn_unknown_patient": (
        gettext_lazy("The patient’s identity is not known yet."),
        gettext_lazy("Add the patient’s name and number as soon as they are known."),
    ),
    "idn_no_identifier": (
        gettext_lazy("The patient’s record holds no identity number."),
        gettext_lazy("Add the number of an identity document to the patient’s record."),
    ),
    "idn_wrong": (
        gettext_lazy("The number does not have the form that it must have: %(system)s."),
        gettext_lazy("Compare the number with the document and correct it."),
    ),
    "idn_disagrees": (
        gettext_lazy(
            "The number is well formed, but does not agree with the record in every point: %(system)s."
        ),
        gettext_lazy("Compare the number, date of birth and sex with the document."),
    ),
    "idn_agrees": (gettext_lazy("The number has the right form and agrees with the record: %(system)s."), ""),
    "cit_unknown": (
        gettext_lazy(
            "The patient’s citizenship is not recorded. The agreement covers citizens of: %(parties)s."
        ),
        gettext_lazy("Record the citizenship from the passport or identity card."),
    ),
    "cit_party": (
        gettext_lazy("Citizenship: %(country)s. The agreement covers citizens of: %(parties)s."),
        "",
    ),
    "cit_no_party": (
        gettext_lazy("Citizenship: %(country)s. The agreement covers only citizens of: %(parties)s."),
        gettext_lazy("Look for another legal basis, or let the patient apply through their own country."),
    ),
    "res_unknown": (
        gettext_lazy("The patient’s district of residence is not recorded."),
        gettext_lazy("Record the district where the patient lives."),
    ),
    "res_abroad": (
        gettext_lazy("The patient lives in %(district)s (%(country)s), outside the directing country."),
        gettext_lazy("Check the address record."),
    ),
    "res_border": (gettext_lazy("%(district)s borders the host country (%(country)s)."), ""),
    "res_inland": (
        gettext_lazy("%(district)s does not border the host country (%(country)s)."),
        gettext_lazy("The officer weighs this. Explain why the hospital across the border is the right one."),
    ),
    "cov_none": (
        gettext_lazy("No coverage at home is recorded."),
        gettext_lazy("Record the coverage from the fund’s register or a document."),
    ),
    "cov_ended": (
        gettext_lazy("The recorded coverage at home does not include today. It ended on %(date)s."),
        gettext_lazy("Check the fund’s register and record the present coverage."),
    ),
    "cov_not_public": (
        gettext_lazy("Only private coverage, or none by a public fund, is recorded."),
        gettext_lazy("Check who pays."),
    ),
    "cov_only_stated": (
        gettext_lazy("The coverage was stated by the patient and is not checked."),
        gettext_lazy("Check it in the fund’s register and record it."),
    ),
    "cov_covered": (gettext_lazy("The patient is covered at home on %(date)s."), ""),
    "med_no_report": (
        gettext_lazy("There is no specialist’s report. It must be at most %(limit)s days old."),
        gettext_lazy("Add the specialist’s report."),
    ),
    "med_no_report_yet": (
        gettext_lazy("There is no specialist’s report yet, which an emergency may lack."),
        gettext_lazy("Add the report when it is written."),
    ),
    "med_report_too_old": (
        gettext_lazy(
            "The specialist’s report of %(date)s is too old: %(age)s days. At most %(limit)s are allowed."
        ),
        gettext_lazy("Add a newer report."),
    ),
    "med_incomplete": (
        gettext_lazy("The diagnosis, the reason or the goal of the treatment is missing."),
        gettext_lazy("Complete the clinical part."),
    ),
    "med_complete": (
        gettext_lazy("Report of %(date)s, diagnosis %(diagnosis)s, reason and goal are there."),
        "",
    ),
    "prv_closed": (
        gettext_lazy("The hospital takes no referrals now: %(host)s."),
        gettext_lazy("Choose another hospital."),
    ),
    "prv_not_offered": (
        gettext_lazy("The directory does not list this specialty for the hospital: %(host)s."),
        gettext_lazy("Choose another hospital, or ask the hospital to confirm that it offers the care."),
    ),
    "prv_licence_ended": (
        gettext_lazy("The hospital’s licence ended on %(date)s: %(host)s."),
        gettext_lazy("Choose another hospital, or ask for its present licence."),
    ),
    "prv_licence_later": (
        gettext_lazy("The hospital’s licence begins only on %(date)s: %(host)s."),
        gettext_lazy("Choose another hospital, or wait."),
    ),
    "prv_offer_unconfirmed": (
        gettext_lazy("The directory lists the specialty, but the hospital has not confirmed it: %(host)s."),
        gettext_lazy("Ask the hospital to confirm that it offers the care."),
    ),
    "prv_licence_unknown": (
        gettext_lazy("The hospital offers the care; the dates of its licence are not known: %(host)s."),
        gettext_lazy("Ask the hospital for the dates of its licence."),
    ),
    "prv_licensed": (gettext_lazy("The hospital offers the care and is licensed: %(host)s."), ""),
    "con_emergency_ground": (
        gettext_lazy("There is no consent; an emergency ground is recorded instead."),
        gettext_lazy("Record the consent as soon as the patient can give it."),
    ),
    "con_withdrawn": (
        gettext_lazy("The patient has withdrawn the consent to pass data to the host country (%(country)s)."),
        gettext_lazy("Withdraw the referral, or record a new consent if the patient gives one."),
    ),
    "con_none": (
        gettext_lazy("No consent is valid today for passing data to the host country (%(country)s)."),
        gettext_lazy("Record the patient’s consent."),
    ),
    "con_too_short": (
        gettext_lazy("The consent ends on %(date)s, before the care is needed (%(needed_by)s)."),
        gettext_lazy("Ask the patient for a longer consent."),
    ),
    "con_valid": (
        gettext_lazy(
            "The patient consents to passing data to the host country (%(country)s) until %(date)s."
        ),
        "",
    ),
    "dup_none": (gettext_lazy("There is no other active referral for this patient."), ""),
    "dup_same_care": (
        gettext_lazy("The same care is already under way for the same person: %(number)s."),
        gettext_lazy("Withdraw one of the two."),
    ),
    "dup_other_care": (
        gettext_lazy("The patient has another active referral, for other care: %(number)s."),
        gettext_lazy("Check that the two belong together and do not collide."),
    ),
}


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
    sentence, remedy = MESSAGES[result.message]
    return RuleWords(
        code=result.rule,
        outcome=result.outcome,
        outcome_label=result.get_outcome_display(),
        title=str(RULE_TITLES[result.rule]),
        sentence=str(sentence) % _shown(result.params),
        remedy=str(remedy),
        basis=str(RULE_BASIS[result.rule]),
        evidence=[str(EVIDENCE[name]) for name in result.evidence],
        blocking=result.blocking,
    )


def _shown(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: _shown_value(name, value) for name, value in params.items()}


def _shown_value(name: str, value: Any) -> str:
    if name in {"date", "needed_by"}:
        return date_format(date.fromisoformat(value)) if value else pgettext("date", "unknown")
    if name == "country":
        return str(COUNTRY_NAMES.get(value, value))
    if name == "parties":
        return ", ".join(str(COUNTRY_NAMES.get(code, code)) for code in value)
    if name == "system":
        return str(IDENTIFIER_NAMES.get(value, value))
    if name == "district":
        return str(value.get(get_language() or "en") or value.get("en", ""))
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
