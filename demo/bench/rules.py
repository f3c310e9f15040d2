"""How many rules a second one core evaluates: all of them on one case, with the hash of the inputs, as a check does."""

import time
from datetime import date, timedelta

from eligibility import (
    RULES,
    CircumstancesFact,
    ConsentFact,
    CoverageFact,
    DocumentFact,
    Facts,
    HostFact,
    IdentifierFact,
    PatientFact,
    PolicyFact,
    ReportFact,
    run,
)

#: What a core evaluates in a second of its time at least.
AIM = 20_000
_TODAY = date(2026, 11, 20)
_SETTINGS: dict[str, dict[str, object]] = {code: {} for code in RULES}


def measure(seconds: float = 2.0) -> int:
    """Evaluations a second of processor time, by the best of the parts of the measurement."""
    facts, best = _facts(), 0.0
    until = time.process_time() + seconds
    while time.process_time() < until:
        start, rounds = time.process_time(), 100
        for _round in range(rounds):
            run(facts, _SETTINGS)
        best = max(best, rounds * len(RULES) / (time.process_time() - start))
    return round(best)


def sentence(number: int) -> str:
    """The figure in words."""
    return (
        f"{number} rule evaluations a second of one core's processor time ({len(RULES)} rules on a case, with the hash "
        f"of its facts; the aim is {AIM})."
    )


def _facts() -> Facts:
    """A planned case in which every rule has something to read."""
    return Facts(
        today=_TODAY,
        priority="urgent",
        directing_country="KZ",
        host_country="KG",
        agreement_code="bench",
        agreement_parties=("KG", "KZ", "TJ", "UZ"),
        diagnosis_code="I34.0",
        goal_given=True,
        reason_given=True,
        triage_note_given=False,
        emergency_ground_given=False,
        needed_by=_TODAY + timedelta(days=30),
        patient=PatientFact(
            is_unknown=False,
            birth_date="1980-05-17",
            citizenship_status="known",
            citizenships=("KZ",),
            residence_country="KZ",
            residence_district="314800000",
            residence_name={"en": "Kordaiskiy", "ru": "Кордайский район"},
            borders=("KG",),
            identifiers=(IdentifierFact("birth_certificate"), IdentifierFact("passport", expires_on=_TODAY)),
        ),
        coverages=(CoverageFact("insurance", _TODAY - timedelta(days=400), None, "register", "KZ"),),
        consents=(ConsentFact("treatment", "KG", _TODAY, _TODAY + timedelta(days=180), False),),
        report=ReportFact(_TODAY - timedelta(days=5), "Specialist", "specialist"),
        host=HostFact(
            name="Hospital",
            country="KG",
            active=True,
            accepts_referrals=True,
            offer_basis="person",
            offer_verified=True,
            licence_from=_TODAY - timedelta(days=300),
            licence_until=_TODAY + timedelta(days=300),
            licence_number="1",
            wait_days=20,
        ),
        other_referrals=(),
        policies=(PolicyFact("treatment", ("care", "contact"), False, None, None, True),),
        care_mode="inpatient",
        payer="fund",
        estimate="412000",
        currency="KZT",
        documents=(DocumentFact("specialist_report", _TODAY - timedelta(days=5)),),
        circumstances=CircumstancesFact(home_from=_TODAY + timedelta(days=90), risk="usual", in_basket="yes"),
    )
