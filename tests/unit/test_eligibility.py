"""The rules, each way that each can end, and what they recommend together."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from eligibility import (
    RULES,
    AgreementFact,
    ConsentFact,
    CoverageFact,
    Facts,
    IdentifierFact,
    OtherReferralFact,
    PolicyFact,
    ReportFact,
)
from tests.unit import golden, golden_early, golden_host
from tests.unit.right import GOOD, HOST, KINDS, PATIENT, PLANNED, TODAY

ALL: dict[str, dict[str, Any]] = {code: {} for code in RULES}


def who(**changes: Any) -> Facts:
    return replace(GOOD, patient=replace(PATIENT, **changes))


def where(**changes: Any) -> Facts:
    return replace(GOOD, host=replace(HOST, **changes))


def in_days(count: int) -> date:
    return TODAY + timedelta(days=count)


def also(**changes: Any) -> Facts:
    return replace(GOOD, **changes)


def coverage(kind: str = "insurance", start: int = -400, end: int | None = None, **more: str) -> Facts:
    until = in_days(end) if end is not None else None
    terms = {"source": "register", "country": "KZ"} | more
    return also(coverages=(CoverageFact(kind, in_days(start), until, **terms),))


ABROAD = coverage(country="KG").coverages


def consent(
    purpose: str = "treatment", country: str = "KG", start: int = 0, end: int = 180, withdrawn: bool = False
) -> Facts:
    return also(consents=(ConsentFact(purpose, country, in_days(start), in_days(end), withdrawn),))


def leaves(
    *kinds: str, start: int | None = None, end: int | None = None, verified: bool = True
) -> PolicyFact:
    """What may leave for treatment; `start` and `end` in days from today."""
    since, until = (None if count is None else in_days(count) for count in (start, end))
    return PolicyFact("treatment", kinds, set(kinds) == set(KINDS), since, until, verified)


def data_law(*rows: PolicyFact) -> Facts:
    return also(policies=rows)


def report(age: int) -> Facts:
    return also(report=ReportFact(TODAY - timedelta(days=age), "Test"))


def others(*same_care: bool) -> Facts:
    return also(other_referrals=tuple(OtherReferralFact("KZ-26-000001", same, True) for same in same_care))


def represented(of_age: int) -> Facts:
    """A consent of ten days ago by a representative of who comes of age in so many days."""
    facts = consent(start=-10)
    given = replace(facts.consents[0], by_representative=True)
    return replace(facts, consents=(given,), patient=replace(PATIENT, of_age_on=in_days(of_age)))


def law(*agreements: tuple[str, int | None, int | None]) -> Facts:
    """Agreements by code, and in how many days each begins and ends."""
    days = [(code, *(None if end is None else in_days(end) for end in ends)) for code, *ends in agreements]
    return also(agreements=tuple(AgreementFact(code, {"en": code}, *ends) for code, *ends in days))


EXPIRED = IdentifierFact("passport", expires_on=TODAY - timedelta(days=1))
ENDS_BEFORE = IdentifierFact("passport", expires_on=in_days(29))
WRONG, WARNED = (
    IdentifierFact("kz-iin", errors=("checksum",)),
    IdentifierFact("uz-pinfl", warnings=("checksum",)),
)
DAY = timedelta(days=1)
CASES: list[tuple[str, Facts, str, str]] = [
    ("EMG-01", GOOD, "not_applicable", "emg_planned"),
    ("EMG-01", also(priority="stat"), "needs_review", "emg_no_triage_note"),
    ("EMG-01", also(priority="stat", triage_note_given=True), "pass", "emg_life_threat"),
    ("IDN-01", GOOD, "pass", "idn_agrees"),
    ("IDN-01", who(is_unknown=True), "needs_review", "idn_unknown_patient"),
    ("IDN-01", who(identifiers=()), "needs_review", "idn_no_identifier"),
    ("IDN-01", who(identifiers=(IdentifierFact("temporary"),)), "needs_review", "idn_no_identifier"),
    ("IDN-01", who(identifiers=(WRONG,)), "fail", "idn_wrong"),
    ("IDN-01", who(identifiers=(WARNED,)), "needs_review", "idn_disagrees"),
    ("IDN-01", who(identifiers=(WRONG, WARNED)), "needs_review", "idn_disagrees"),
    ("IDN-01", who(identifiers=(WARNED, IdentifierFact("passport"))), "pass", "idn_agrees"),
    ("IDN-01", who(identifiers=(EXPIRED,)), "needs_review", "idn_expired"),
    ("IDN-01", who(identifiers=(EXPIRED, IdentifierFact("kz-iin"))), "pass", "idn_agrees"),
    ("IDN-01", who(identifiers=(ENDS_BEFORE,)), "needs_review", "idn_ends_before"),
    ("IDN-01", replace(who(identifiers=(ENDS_BEFORE,)), needed_by=None), "pass", "idn_agrees"),
    ("IDN-01", who(identifiers=(replace(ENDS_BEFORE, expires_on=in_days(30)),)), "pass", "idn_agrees"),
    ("CIT-01", GOOD, "pass", "cit_party"),
    ("CIT-01", who(citizenships=("RU", "TJ")), "pass", "cit_party"),
    ("CIT-01", who(citizenship_status="not_known", citizenships=()), "needs_review", "cit_unknown"),
    ("CIT-01", who(citizenship_status="stateless", citizenships=()), "fail", "cit_stateless"),
    ("CIT-01", who(citizenships=("AF", "RU")), "fail", "cit_no_party"),
    ("RES-01", GOOD, "pass", "res_border"),
    ("RES-01", who(residence_district=""), "needs_review", "res_unknown"),
    ("RES-01", who(residence_country="KG"), "needs_review", "res_abroad"),
    (
        "RES-01",
        who(residence_country="TR", residence_district="", borders=()),
        "needs_review",
        "res_elsewhere",
    ),
    ("RES-01", who(borders=()), "fail", "res_inland"),
    ("RES-01", who(borders=("UZ",)), "fail", "res_inland"),
    ("COV-01", GOOD, "pass", "cov_covered"),
    ("COV-01", also(coverages=()), "needs_review", "cov_none"),
    ("COV-01", replace(coverage(end=0), needed_by=None), "pass", "cov_covered"),
    ("COV-01", coverage(end=30), "pass", "cov_covered"),
    ("COV-01", coverage(end=29), "needs_review", "cov_ends_before"),
    (
        "COV-01",
        also(coverages=coverage(end=29).coverages + coverage(start=30).coverages),
        "pass",
        "cov_covered",
    ),
    (
        "COV-01",
        also(coverages=coverage(end=9).coverages + coverage(start=11).coverages),
        "needs_review",
        "cov_ends_before",
    ),
    ("COV-01", coverage(end=-1), "fail", "cov_ended"),
    ("COV-01", coverage(start=1), "fail", "cov_not_yet"),
    ("COV-01", coverage(country="KG"), "needs_review", "cov_elsewhere"),
    ("COV-01", coverage("self", country=""), "needs_review", "cov_not_public"),
    ("COV-01", also(coverages=ABROAD + GOOD.coverages), "pass", "cov_covered"),
    ("COV-01", also(coverages=ABROAD + coverage(end=-1).coverages), "fail", "cov_ended"),
    ("COV-01", coverage("private"), "needs_review", "cov_not_public"),
    ("COV-01", coverage(source="stated"), "needs_review", "cov_only_stated"),
    ("MED-01", GOOD, "pass", "med_complete"),
    ("MED-01", report(30), "pass", "med_complete"),
    ("MED-01", report(31), "fail", "med_report_too_old"),
    ("MED-01", also(report=None), "fail", "med_no_report"),
    ("MED-01", also(report=None, priority="stat"), "needs_review", "med_no_report_yet"),
    ("MED-01", also(goal_given=False), "fail", "med_incomplete"),
    ("MED-01", also(reason_given=False), "fail", "med_incomplete"),
    ("MED-01", also(diagnosis_code=""), "fail", "med_incomplete"),
    ("PRV-01", GOOD, "pass", "prv_licensed"),
    ("PRV-01", where(active=False), "fail", "prv_closed"),
    ("PRV-01", where(accepts_referrals=False), "fail", "prv_closed"),
    ("PRV-01", where(offer_basis=""), "fail", "prv_not_offered"),
    ("PRV-01", where(licence_until=in_days(30)), "pass", "prv_licensed"),
    ("PRV-01", where(licence_until=in_days(29)), "needs_review", "prv_licence_ends_before"),
    ("PRV-01", replace(where(licence_until=TODAY), needed_by=None), "pass", "prv_licensed"),
    ("PRV-01", where(licence_until=TODAY - DAY), "fail", "prv_licence_ended"),
    ("PRV-01", where(licence_from=TODAY + DAY), "fail", "prv_licence_later"),
    ("PRV-01", where(offer_verified=False), "needs_review", "prv_offer_unconfirmed"),
    ("PRV-01", where(licence_from=None, licence_until=None), "needs_review", "prv_licence_unknown"),
    ("CON-01", GOOD, "pass", "con_valid"),
    ("CON-01", also(consents=()), "fail", "con_none"),
    ("CON-01", consent(purpose="research"), "fail", "con_none"),
    ("CON-01", consent(country="UZ"), "fail", "con_none"),
    ("CON-01", consent(start=1), "fail", "con_not_yet"),
    ("CON-01", consent(start=-20, end=-1), "fail", "con_ended"),
    ("CON-01", represented(of_age=1), "pass", "con_valid"),
    ("CON-01", represented(of_age=0), "needs_review", "con_came_of_age"),
    ("CON-01", represented(of_age=-40), "pass", "con_valid"),
    ("CON-01", consent(withdrawn=True), "fail", "con_withdrawn"),
    ("CON-01", consent(end=29), "needs_review", "con_too_short"),
    ("CON-01", consent(end=30), "pass", "con_valid"),
    (
        "CON-01",
        also(consents=(), priority="stat", emergency_ground_given=True),
        "needs_review",
        "con_emergency_ground",
    ),
    ("CON-01", also(consents=(), emergency_ground_given=True), "fail", "con_none"),
    ("CON-01", also(consents=(replace(GOOD.consents[0], for_host=False),)), "fail", "con_other_hospital"),
    ("DAT-01", GOOD, "pass", "dat_allowed"),
    ("DAT-01", data_law(), "needs_review", "dat_no_row"),
    ("DAT-01", data_law(leaves(*KINDS, verified=False)), "pass", "dat_not_verified"),
    ("DAT-01", data_law(leaves("care", "contact")), "needs_review", "dat_partly"),
    ("DAT-01", data_law(leaves("documents")), "fail", "dat_forbidden"),
    ("DAT-01", data_law(leaves(*KINDS, end=-1)), "needs_review", "dat_no_row"),
    ("DAT-01", data_law(leaves(*KINDS, start=1)), "needs_review", "dat_no_row"),
    ("DAT-01", data_law(leaves(*KINDS), leaves(start=0)), "fail", "dat_forbidden"),
    ("DAT-01", data_law(leaves(*KINDS), leaves(start=1)), "pass", "dat_allowed"),
    (
        "DAT-01",
        replace(data_law(leaves()), consents=(), priority="stat", emergency_ground_given=True),
        "needs_review",
        "dat_no_row",
    ),
    ("DUP-01", GOOD, "pass", "dup_none"),
    ("DUP-01", others(False), "needs_review", "dup_other_care"),
    ("DUP-01", others(False, True), "fail", "dup_same_care"),
    ("AGR-01", GOOD, "pass", "agr_in_force"),
    ("AGR-01", law(("test", None, 0)), "pass", "agr_in_force"),
    ("AGR-01", law(("test", None, -1)), "fail", "agr_ended"),
    ("AGR-01", law(("test", 1, None)), "fail", "agr_not_yet"),
    ("AGR-01", law(("new", 1, None), ("test", None, None)), "pass", "agr_in_force"),
    ("AGR-01", law(("new", 0, None), ("test", None, None)), "needs_review", "agr_another_first"),
    *golden.cases(PLANNED),
    *golden_host.cases(PLANNED),
    *golden_early.cases(PLANNED),
]
# What an agreement must ask for to be found.
ASKED = {
    "med_no_position": ("", "needs_review"),
    "med_no_specialist": ("family_doctor", "fail"),
    "med_complete": ("professor", "pass"),
}


@pytest.mark.parametrize(
    ("code", "facts", "outcome", "message"),
    CASES,
    ids=[f"{case[0]}-{case[3]}-{i}" for i, case in enumerate(CASES)],
)
def test_a_rule_ends_as_it_should(code: str, facts: Facts, outcome: str, message: str) -> None:
    result = RULES[code](facts, {})
    assert (result.outcome, result.message) == (outcome, message)


def test_every_rule_is_seen_with_every_end_that_it_has() -> None:
    assert {code for code, *_rest in CASES} == set(RULES)
    known = {key for rule in RULES.values() for key in rule.findings}
    assert {case[3] for case in CASES} | ASKED.keys() == known
    assert min(Counter(code for code, *_rest in CASES).values()) >= 8


@pytest.mark.parametrize("message", ASKED)
def test_who_wrote_the_report_counts_where_the_agreement_asks(message: str) -> None:
    position, outcome = ASKED[message]
    facts = also(report=ReportFact(TODAY, "Test", position))
    result = RULES["MED-01"](facts, {"needs_position": True})
    assert (result.outcome, result.message) == (outcome, message)
    assert RULES["MED-01"](facts, {}).outcome == "pass"


def test_the_age_of_a_report_is_the_agreements_to_set() -> None:
    assert RULES["MED-01"](report(45), {"max_age_days": 60}).outcome == "pass"
    assert RULES["MED-01"](report(20), {"max_age_days": 14}).outcome == "fail"
