"""The rules (domain §5). Each is a pure function of the facts and its settings.

To add one: write the function, name it in `RULES`, give its words in `referrals.wording`, and name it in the
agreements that it belongs to. A rule never guesses: what is missing or unknown is `needs_review`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eligibility.facts import Facts

PASS, FAIL, NEEDS_REVIEW, NOT_APPLICABLE = "pass", "fail", "needs_review", "not_applicable"
DEFAULT_REPORT_AGE_DAYS = 30

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A rule's outcome with a message key, its parameters, and the kinds of evidence that it rests on."""

    outcome: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def emergency(facts: Facts, settings: Settings) -> Result:
    """EMG-01: a threat to life needs no prior authorisation (1998 and 1997 agreements, Art 2)."""
    if facts.priority != "stat":
        return Result(NOT_APPLICABLE, "emg_planned")
    if not facts.triage_note_given:
        return Result(NEEDS_REVIEW, "emg_no_triage_note")
    return Result(PASS, "emg_life_threat", evidence=("triage_note",))


def identity(facts: Facts, settings: Settings) -> Result:
    """IDN-01: an identifier's form, checksum, date of birth and sex agree (domain §6)."""
    person = facts.patient
    if person.is_unknown:
        return Result(NEEDS_REVIEW, "idn_unknown_patient")
    real = [item for item in person.identifiers if item.system != "temporary"]
    if not real:
        return Result(NEEDS_REVIEW, "idn_no_identifier")
    if all(item.errors for item in real):
        return Result(FAIL, "idn_wrong", {"system": real[0].system}, ("identity_document",))
    sound = [item for item in real if not item.errors]
    clean = [item for item in sound if not item.warnings]
    if not clean:
        return Result(
            NEEDS_REVIEW,
            "idn_disagrees",
            {"system": sound[0].system, "warnings": list(sound[0].warnings)},
            ("identity_document",),
        )
    return Result(PASS, "idn_agrees", {"system": clean[0].system}, ("identity_document",))


def citizenship(facts: Facts, settings: Settings) -> Result:
    """CIT-01: a citizen of a party to the agreement (1998 agreement, Art 1)."""
    country = facts.patient.citizenship
    parties = list(facts.agreement_parties)
    if not country:
        return Result(NEEDS_REVIEW, "cit_unknown", {"parties": parties})
    if country in facts.agreement_parties:
        return Result(PASS, "cit_party", {"country": country, "parties": parties}, ("identity_document",))
    return Result(FAIL, "cit_no_party", {"country": country, "parties": parties}, ("identity_document",))


def residence(facts: Facts, settings: Settings) -> Result:
    """RES-01: habitual resident of a border district (the access-zone idea of the Franco-Belgian ZOAST)."""
    person = facts.patient
    if not person.residence_district:
        return Result(NEEDS_REVIEW, "res_unknown")
    if person.residence_country != facts.directing_country:
        return Result(
            NEEDS_REVIEW,
            "res_abroad",
            {"country": person.residence_country, "district": dict(person.residence_name)},
        )
    shown = {"district": dict(person.residence_name), "country": facts.host_country}
    if facts.host_country in person.borders:
        return Result(PASS, "res_border", shown, ("address_record",))
    return Result(FAIL, "res_inland", shown, ("address_record",))


def coverage(facts: Facts, settings: Settings) -> Result:
    """COV-01: covered at home on the date (FSMS, MHIF, UZ State Health Insurance Fund)."""
    if not facts.coverages:
        return Result(NEEDS_REVIEW, "cov_none")
    current = [
        item
        for item in facts.coverages
        if item.valid_from <= facts.today and (item.valid_to is None or facts.today <= item.valid_to)
    ]
    if not current:
        ended = max((item.valid_to for item in facts.coverages if item.valid_to), default=None)
        return Result(FAIL, "cov_ended", {"date": ended.isoformat() if ended else ""}, ("coverage_record",))
    public = [item for item in current if item.kind in {"state", "insurance"}]
    if not public:
        return Result(NEEDS_REVIEW, "cov_not_public", evidence=("coverage_record",))
    if all(item.source == "stated" for item in public):
        return Result(NEEDS_REVIEW, "cov_only_stated", evidence=("coverage_record",))
    return Result(PASS, "cov_covered", {"date": facts.today.isoformat()}, ("coverage_record",))


def medical_report(facts: Facts, settings: Settings) -> Result:
    """MED-01: a specialist's report, an ICD-10 code, a goal of treatment; the report not too old (practice)."""
    limit = int(settings.get("max_age_days", DEFAULT_REPORT_AGE_DAYS))
    if facts.report is None:
        if facts.priority == "stat":
            return Result(NEEDS_REVIEW, "med_no_report_yet")
        return Result(FAIL, "med_no_report", {"limit": limit})
    age = (facts.today - facts.report.dated_on).days
    shown = {"date": facts.report.dated_on.isoformat(), "age": age, "limit": limit}
    if age > limit:
        return Result(FAIL, "med_report_too_old", shown, ("specialist_report",))
    if not facts.diagnosis_code or not facts.goal_given or not facts.reason_given:
        return Result(FAIL, "med_incomplete", shown, ("specialist_report",))
    return Result(PASS, "med_complete", {**shown, "diagnosis": facts.diagnosis_code}, ("specialist_report",))


def provider(facts: Facts, settings: Settings) -> Result:
    """PRV-01: a named, licensed host that offers the service (S2; the agreement)."""
    host = facts.host
    shown: dict[str, Any] = {"host": host.name}
    if not host.active or not host.accepts_referrals:
        return Result(FAIL, "prv_closed", shown, ("directory",))
    if not host.offer_basis:
        return Result(FAIL, "prv_not_offered", shown, ("directory",))
    if host.licence_until is not None and host.licence_until < facts.today:
        return Result(
            FAIL, "prv_licence_ended", {**shown, "date": host.licence_until.isoformat()}, ("directory",)
        )
    if host.licence_from is not None and host.licence_from > facts.today:
        return Result(
            FAIL, "prv_licence_later", {**shown, "date": host.licence_from.isoformat()}, ("directory",)
        )
    if not host.offer_verified:
        return Result(
            NEEDS_REVIEW, "prv_offer_unconfirmed", {**shown, "basis": host.offer_basis}, ("directory",)
        )
    if host.licence_from is None and host.licence_until is None:
        return Result(NEEDS_REVIEW, "prv_licence_unknown", shown, ("directory",))
    return Result(PASS, "prv_licensed", shown, ("directory",))


def consent(facts: Facts, settings: Settings) -> Result:
    """CON-01: a valid consent for the purpose, the recipient country and the period (data laws of the three)."""
    fitting = [
        item
        for item in facts.consents
        if item.purpose == "treatment" and item.recipient_country == facts.host_country and not item.withdrawn
    ]
    valid = [item for item in fitting if item.valid_from <= facts.today <= item.valid_to]
    shown: dict[str, Any] = {"country": facts.host_country}
    if not valid:
        if facts.priority == "stat" and facts.emergency_ground_given:
            return Result(NEEDS_REVIEW, "con_emergency_ground", shown, ("emergency_ground",))
        if any(item.withdrawn for item in facts.consents):
            return Result(FAIL, "con_withdrawn", shown, ("consent",))
        return Result(FAIL, "con_none", shown, ("consent",) if facts.consents else ())
    until = max(item.valid_to for item in valid)
    shown["date"] = until.isoformat()
    if facts.needed_by is not None and until < facts.needed_by:
        return Result(
            NEEDS_REVIEW, "con_too_short", {**shown, "needed_by": facts.needed_by.isoformat()}, ("consent",)
        )
    return Result(PASS, "con_valid", shown, ("consent",))


def duplicate(facts: Facts, settings: Settings) -> Result:
    """DUP-01: no other active referral for the same care."""
    if not facts.other_referrals:
        return Result(PASS, "dup_none", evidence=("search",))
    same = [item for item in facts.other_referrals if item.same_care]
    if same:
        return Result(FAIL, "dup_same_care", {"number": same[0].number}, ("search",))
    return Result(NEEDS_REVIEW, "dup_other_care", {"number": facts.other_referrals[0].number}, ("search",))


#: In the order in which they are shown.
RULES: dict[str, Callable[[Facts, Settings], Result]] = {
    "EMG-01": emergency,
    "IDN-01": identity,
    "CIT-01": citizenship,
    "RES-01": residence,
    "COV-01": coverage,
    "MED-01": medical_report,
    "PRV-01": provider,
    "CON-01": consent,
    "DUP-01": duplicate,
}
