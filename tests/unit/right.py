"""A referral in which everything is right, as facts for the rules."""

from dataclasses import replace
from datetime import date, timedelta

from eligibility import (
    CircumstancesFact,
    ConsentFact,
    ConsiliumFact,
    CoverageFact,
    DocumentFact,
    Facts,
    HostFact,
    IdentifierFact,
    ListedFact,
    OfferFact,
    PatientFact,
    PolicyFact,
    ReportFact,
)

TODAY = date(2026, 11, 20)
KINDS = ("care", "contact", "documents", "payment")
PATIENT = PatientFact(
    is_unknown=False,
    birth_date="1980-05-17",
    citizenship_status="known",
    citizenships=("KZ",),
    residence_country="KZ",
    residence_district="314800000",
    residence_name={"en": "Kordaiskiy", "ru": "Кордайский район"},
    borders=("KG",),
    identifiers=(IdentifierFact("kz-iin"),),
)
HOST = HostFact(
    name="National Hospital",
    country="KG",
    active=True,
    accepts_referrals=True,
    offer_basis="person",
    offer_verified=True,
    licence_from=TODAY - timedelta(days=300),
    licence_until=TODAY + timedelta(days=300),
    licence_number="24000123",
    wait_days=10,
)
GOOD = Facts(
    today=TODAY,
    priority="urgent",
    directing_country="KZ",
    host_country="KG",
    agreement_code="test",
    agreement_parties=("KG", "KZ", "TJ", "UZ"),
    diagnosis_code="I34.0",
    goal_given=True,
    reason_given=True,
    triage_note_given=False,
    emergency_ground_given=False,
    needed_by=TODAY + timedelta(days=30),
    patient=PATIENT,
    coverages=(CoverageFact("insurance", TODAY - timedelta(days=400), None, "register", "KZ"),),
    consents=(ConsentFact("treatment", "KG", TODAY, TODAY + timedelta(days=180), False),),
    report=ReportFact(TODAY - timedelta(days=5), "Test cardiologist"),
    host=HOST,
    other_referrals=(),
    policies=tuple(
        PolicyFact(purpose, KINDS, True, None, None, True) for purpose in ("treatment", "emergency")
    ),
    care_mode="consultation",
    payer="fund",
    estimate="412000",
    currency="KZT",
    documents=(
        DocumentFact("specialist_report", TODAY - timedelta(days=5)),
        DocumentFact("commission_minutes", TODAY - timedelta(days=5)),
        DocumentFact("eaeu_ground", TODAY - timedelta(days=5)),
    ),
    circumstances=CircumstancesFact(
        home_from=TODAY + timedelta(days=90),
        home_lacks="nothing",
        risk="usual",
        in_basket="yes",
        eaeu="worker",
        translations="not_needed",
        commission="abroad",
    ),
    offer=OfferFact(TODAY + timedelta(days=14), TODAY + timedelta(days=14)),
    listed=(ListedFact("valves", {"en": "Valves"}, False, None, None),),
    list_is_kept=True,
)
#: Before the host has offered a date.
PLANNED = replace(GOOD, offer=None, care_mode="inpatient", consilium=ConsiliumFact(TODAY, "fit", 3))
