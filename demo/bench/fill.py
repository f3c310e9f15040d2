"""10,000 referrals quickly: two made by the actions as in use, the others copied from these in bulk."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model
from django.test import Client

from core import zones
from core.accounts.sessions import SIGN_IN
from core.actors import SYSTEM, Actor
from core.permissions import Role
from facilities.actions import create_partner_client, grant_membership
from facilities.memberships import actor_for_user
from facilities.models import Facility, Icd10, Organisation, Specialty
from patients.actions import record_consent, register_patient
from patients.models import Consent, Patient, Registration
from referrals import actions
from referrals.models import Authorisation, EligibilityCheck, EvidenceItem, Referral, RuleResult, StatusChange

SPECIALTY, DIAGNOSIS = "394579002", "I34.0"
OTHER_DIAGNOSIS = "I35.0"
BATCH = 2000
NEVER = 4_000_000_000


@dataclass(frozen=True)
class Filled:
    """What the measurements need to know of the data. `sessions` of a clinician, an officer and the host's desk."""

    client_id: str
    client_secret: str
    sessions: dict[str, str]
    sent: str
    in_review: str
    bodies: list[dict[str, Any]]


def fill(number: int) -> Filled:
    """Make `number` referrals of one facility's, and who asks for them.

    Half are granted and with their host, half wait for the ministry: every list that is measured has full pages.
    """
    facilities = _two_facilities()
    ministry = Organisation.objects.get(kind="ministry", country_id=facilities[0].country_code)
    clinician = _person("bench.clinician", facilities[0].organisation, Role.CLINICIAN)
    officer = _person("bench.officer", ministry, Role.OFFICER)
    _person("bench.desk", facilities[1].organisation, Role.HOST_DESK)
    sent, in_review = _one(clinician, facilities[1]), _one(clinician, facilities[1])
    _grant(sent, officer)
    patients = _copy_patients(sent.patient, number - 2, facilities[0])
    _copies(Consent, [sent.consent], patients, "patient_id")
    by_patient = {consent.patient_id: consent for consent in Consent.objects.all()}
    consents = [by_patient[patient.pk] for patient in patients]
    for place, pattern in enumerate((sent, in_review)):
        pattern.refresh_from_db()
        _copy_referrals(pattern, patients[place::2], consents[place::2], place)
    client = create_partner_client(
        organisation_id=facilities[0].pk,
        name="Bench",
        scopes=["directory:read", "patients:read", "referrals:read", "referrals:write"],
        by=SYSTEM,
    )
    bodies = [
        _body(patient, consent, facilities[1]) for patient, consent in zip(patients, consents, strict=True)
    ]
    return Filled(
        client.client.client_id,
        client.secret,
        {name: _session(f"bench.{name}") for name in ("clinician", "officer", "desk")},
        str(sent.pk),
        str(in_review.pk),
        bodies,
    )


def _two_facilities() -> tuple[Facility, Facility]:
    """A Kazakh facility, and a Kyrgyz one that offers the care."""
    offering = Facility.objects.filter(
        services__specialty__code=SPECIALTY, services__active=True, accepts_referrals=True
    ).select_related("organisation__country")
    home = Facility.objects.filter(organisation__country_id="KZ").select_related("organisation__country")
    return home.order_by("pk")[0], offering.filter(organisation__country_id="KG").order_by("pk")[0]


def _session(username: str) -> str:
    """The cookie of a browser in which that person has shown both factors."""
    http = browser_of(username)
    return http.cookies["sessionid"].value


def browser_of(username: str) -> Client:
    """A browser in which that person has shown both factors, for as long as anything is measured."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(get_user_model().objects.get(username=username))
    session = client.session
    known = {"started": NEVER, "seen": NEVER, "verified": NEVER, "idle": 3600, "longest": 36_000}
    session[SIGN_IN] = known | {"address": "", "agent": "", "second": True, "by": "app"}
    session.save()
    return client


def _person(username: str, organisation: Organisation, role: Role) -> Actor:
    user = get_user_model().objects.create_user(username, full_name=username, preferred_language="en")
    grant_membership(user_id=user.pk, organisation_id=organisation.pk, role=role, by=SYSTEM)
    actor = actor_for_user(user)
    assert actor is not None
    return actor


def _one(clinician: Actor, host: Facility) -> Referral:
    """A referral that has walked from the draft to the ministry's desk."""
    today = zones.today()
    patient = register_patient(
        by=clinician,
        family_name="Test",
        given_name="Patient",
        birth_date=date(1980, 1, 1),
        sex="female",
        preferred_language="ru",
        is_synthetic=True,
    )
    consent = record_consent(
        by=clinician,
        patient_id=patient.pk,
        purpose="treatment",
        recipient_country=host.country_code,
        valid_from=today,
        valid_to=today + timedelta(days=180),
        how="written",
    )
    draft = actions.start_draft(patient_id=patient.pk, by=clinician)
    actions.save_draft(
        draft.pk,
        by=clinician,
        content={
            "specialty": Specialty.objects.get(code=SPECIALTY),
            "service": "Valve repair",
            "care_mode": "inpatient",
            "clinical_reason": "Severe insufficiency.",
            "goal": "Repair.",
            "priority": "urgent",
            "needed_by": today + timedelta(days=30),
            "needed_by_reason": "Specialist’s limit.",
            "host_facility": host,
            "payer": "fund",
            "consent": consent,
            "diagnosis": Icd10.objects.get(pk=DIAGNOSIS),
        },
        evidence={"dated_on": today, "author": "Test cardiologist", "text": "Repair advised."},
    )
    actions.submit(draft.pk, by=clinician)
    actions.begin_screening(draft.pk, by=SYSTEM)
    actions.finish_screening(draft.pk, by=SYSTEM)
    return Referral.objects.select_related("patient", "consent").get(pk=draft.pk)


def _grant(referral: Referral, officer: Actor) -> None:
    """Walk on to the host."""
    today = zones.today()
    actions.grant(
        referral.pk,
        by=officer,
        reason_code="undue_delay",
        reason_text="The wait at home is too long.",
        valid_from=today,
        valid_until=today + timedelta(days=90),
    )


def _copies(kind: type[Model], rows: list[Any], owners: list[Any], owner_field: str) -> None:
    """Each row once for each owner, by the database itself."""
    table, key = kind._meta.db_table, kind._meta.pk
    assert key is not None
    columns = [
        field.column
        for field in kind._meta.concrete_fields
        if not field.primary_key and field.attname != owner_field
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}, "{owner_field}") '  # noqa: S608  names of the models' own
            f'SELECT {names}, owner FROM "{table}" CROSS JOIN unnest(%s) AS owner WHERE "{key.column}" = ANY(%s)',
            [[owner.pk for owner in owners], [row.pk for row in rows]],
        )


def _copy_patients(first: Patient, number: int, facility: Facility) -> list[Patient]:
    values = {field.attname: getattr(first, field.attname) for field in Patient._meta.concrete_fields}
    patients = [
        Patient(**{**values, "id": uuid.uuid4(), "given_name": f"Patient {index}"}) for index in range(number)
    ]
    Patient.objects.bulk_create(patients, batch_size=BATCH)
    Registration.objects.bulk_create(
        [Registration(patient=patient, facility=facility) for patient in patients], batch_size=BATCH
    )
    return patients


def _copy_referrals(first: Referral, patients: list[Patient], consents: list[Consent], year: int) -> None:
    values = {field.attname: getattr(first, field.attname) for field in Referral._meta.concrete_fields}
    copies = []
    for index, (patient, consent) in enumerate(zip(patients, consents, strict=True)):
        own = {
            "id": uuid.uuid4(),
            "number": f"KZ-{year:02d}-{index:06d}",
            "patient_id": patient.pk,
            "consent_id": consent.pk,
        }
        copies.append(Referral(**{**values, **own}))
    Referral.objects.bulk_create(copies, batch_size=BATCH)
    _copies(Authorisation, [Authorisation.objects.get(referral=first)], copies, "referral_id")
    _copies(EvidenceItem, list(first.evidence.all()), copies, "referral_id")
    _copies(StatusChange, list(first.status_changes.all()), copies, "referral_id")
    check = first.checks.get()
    _copies(EligibilityCheck, [check], copies, "referral_id")
    others = list(EligibilityCheck.objects.filter(referral__in=[copy.pk for copy in copies]))
    _copies(RuleResult, list(check.results.all()), others, "check_run_id")


def _body(patient: Patient, consent: Consent, host: Facility) -> dict[str, Any]:
    """The content of create + submit for one patient: other care than the patient's referral is about."""
    today = zones.today()
    return {
        "submit": True,
        "patient": str(patient.pk),
        "consent": consent.pk,
        "priority": "urgent",
        "specialty": {"code": SPECIALTY},
        "service": "Valve repair",
        "care_mode": "inpatient",
        "diagnosis": {"code": OTHER_DIAGNOSIS},
        "clinical_reason": "Severe stenosis.",
        "goal": "Repair.",
        "needed_by": (today + timedelta(days=30)).isoformat(),
        "needed_by_reason": "Specialist’s limit.",
        "host_facility": host.organisation.code,
        "payer": "fund",
        "report": {"dated_on": today.isoformat(), "author": "Test cardiologist", "text": "Repair advised."},
    }
