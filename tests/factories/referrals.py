"""Referrals in every state, made by the same actions as in use."""

from datetime import timedelta
from typing import Any

import pgtrigger
from django.utils import timezone

from agreements.chains import Chain
from agreements.models import Agreement, AgreementVersion
from core.actors import SYSTEM, Actor
from core.partial import PartialDate
from patients.actions import record_consent, register_patient
from patients.models import Patient
from referrals import actions
from referrals.models import EmergencyAccess, Referral
from tests.factories.facilities import World

ALL_RULES = {
    code: {"blocking": code not in {"EMG-01", "RES-01"}}
    for code in (
        "EMG-01",
        "IDN-01",
        "CIT-01",
        "RES-01",
        "COV-01",
        "MED-01",
        "PRV-01",
        "CON-01",
        "DUP-01",
        "AGR-01",
    )
}
_serial = iter(range(1, 100_000))


LIMITS = {"asap": {"hours": 24}, "urgent": {"working_days": 3}, "routine": {"working_days": 15}}


def stage(name: str = "Directing ministry", **values: Any) -> dict[str, Any]:
    """A stage of a chain: the directing ministry with the usual limits unless said otherwise."""
    return {"name": {"en": name}, "limits": LIMITS, **values}


def chain(*stages: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A chain for every payer and direction unless said otherwise, as a version keeps it."""
    return Chain.of({**values, "stages": list(stages or (stage(),))}).stored()


_OF_THE_AGREEMENT = ("names", "says_in", "signed_on", "precedence")


def make_agreement(**values: Any) -> Agreement:
    """The 1998 agreement with all ten rules and one approved version, by which the directing ministry decides."""
    own: dict[str, Any] = {
        "names": {"en": "Agreement of 26 June 1998", "ru": "Соглашение от 26 июня 1998 года"},
        "says_in": {"en": "Emergency care is free of charge."},
        "precedence": 10,
        **{name: values.pop(name) for name in _OF_THE_AGREEMENT if name in values},
    }
    agreement, made = Agreement.objects.get_or_create(code=values.pop("code", "cis4-1998-care"), defaults=own)
    if made:
        make_version(agreement, **values)
    return agreement


def make_version(agreement: Agreement, **values: Any) -> AgreementVersion:
    """An approved version of an agreement."""
    terms: dict[str, Any] = {
        "number": agreement.versions.count() + 1,
        "standing": AgreementVersion.Standing.APPROVED,
        "approved_at": timezone.now(),
        "parties": ["KG", "KZ", "TJ", "UZ"],
        "covers_emergency": True,
        "covers_planned": True,
        "rules": ALL_RULES,
        "chains": [chain()],
        "source": "test",
        **values,
    }
    return AgreementVersion.objects.create(agreement=agreement, **terms)


def change_version(agreement: Agreement, **values: Any) -> None:
    """Write to the only version of an agreement as nobody can: the database keeps an approved one."""
    with pgtrigger.ignore("agreements.AgreementVersion:agreement_version_stays"):
        agreement.versions.update(**values)


def make_patient(world: World, by: Actor, *, covered: bool = True, **values: Any) -> Patient:
    """A patient of the actor's facility who lives in Korday district unless said otherwise."""
    number = next(_serial)
    today = timezone.localdate()
    person: dict[str, Any] = {
        "family_name": "Тестова",
        "given_name": f"Пациентка{chr(ord('а') + number % 26)}",
        "birth_date": today - timedelta(days=34 * 365 + number),
        "sex": "female",
        "citizenships": [by.country],
        "residence_district": world.units["korday"].pk,
        "phone": "+77010000003",
        "preferred_language": "ru",
        "is_synthetic": True,
        **values,
    }
    identifiers = person.pop("identifiers", [("passport", by.country, f"N{number:08}")])
    coverage = None
    if covered:
        coverage = {
            "kind": "insurance",
            "fund": world.funds[by.country].pk,
            "valid_from": max(today - timedelta(days=400), PartialDate.of(person["birth_date"]).first),
            "checked_on": today,
            "source": "register",
        }
    return register_patient(by=by, identifiers=identifiers, coverage=coverage, **person)


def make_consent(patient: Patient, by: Actor, country: str = "KG", **values: Any) -> Any:
    """A written consent for treatment, valid from today for half a year."""
    today = timezone.localdate()
    terms: dict[str, Any] = {
        "purpose": "treatment",
        "recipient_country": country,
        "valid_from": today,
        "valid_to": today + timedelta(days=180),
        "how": "written",
        **values,
    }
    return record_consent(by=by, patient_id=patient.pk, **terms)


def make_draft(
    world: World, by: Actor | None = None, *, patient: Patient | None = None, **content: Any
) -> Referral:
    """A complete draft: cardiac surgery for a Kazakh patient in Bishkek. `content` overrides fields."""
    by = by or world.actor("clinician_kz")
    make_agreement()
    patient = patient or make_patient(world, by)
    host = content.pop("host_facility", world.bishkek)
    consent = content.pop("consent", None) or make_consent(patient, by, host.country_code)
    evidence = content.pop(
        "evidence",
        {
            "dated_on": timezone.localdate() - timedelta(days=5),
            "author": "Test cardiologist",
            "text": "Severe mitral insufficiency; repair advised.",
        },
    )
    draft = actions.start_draft(patient_id=patient.pk, by=by)
    return actions.save_draft(
        draft.pk,
        by=by,
        content={
            "specialty": world.specialties["cardiac_surgery"],
            "service": "Mitral valve repair",
            "care_mode": "inpatient",
            "diagnosis": world.icd10["I34.0"],
            "clinical_reason": "Progressive breathlessness, severe mitral insufficiency.",
            "goal": "Valve repair before heart failure progresses.",
            "priority": "urgent",
            "needed_by": timezone.localdate() + timedelta(days=30),
            "needed_by_reason": "Specialist’s limit.",
            "host_facility": host,
            "payer": "fund",
            "consent": consent,
            **content,
        },
        evidence=evidence,
    )


def make_submitted(world: World, by: Actor | None = None, **content: Any) -> Referral:
    """A filed referral that no worker has checked yet."""
    by = by or world.actor("clinician_kz")
    return actions.submit(make_draft(world, by, **content).pk, by=by)


def make_in_review(world: World, by: Actor | None = None, **content: Any) -> Referral:
    """A filed and checked referral that waits for the ministry."""
    referral = make_submitted(world, by, **content)
    actions.begin_screening(referral.pk, by=SYSTEM)
    actions.finish_screening(referral.pk, by=SYSTEM)
    return Referral.objects.get(pk=referral.pk)


def window() -> dict[str, Any]:
    """A grant's dates: from today for sixty days."""
    today = timezone.localdate()
    return {"valid_from": today, "valid_until": today + timedelta(days=60)}


def make_sent(world: World, by: Actor | None = None, **content: Any) -> Referral:
    """A granted referral that is with the host."""
    referral = make_in_review(world, by, **content)
    officer = world.actor(f"officer_{referral.directing_country_id.lower()}")
    return actions.grant(
        referral.pk,
        by=officer,
        reason_code="undue_delay",
        reason_text="The wait at home is longer than justified.",
        **window(),
    )


def make_emergency_access(world: World, referral: Referral, **values: Any) -> EmergencyAccess:
    """An emergency access of the host's desk that was opened just now for an hour, whatever the referral's state."""
    now = timezone.now()
    Referral.objects.filter(pk=referral.pk).update(emergency_opened_at=now)
    defaults = {
        "facility": world.bishkek,
        "user": world.users["host_desk_kg"],
        "opened_by_label": "Test host_desk_kg",
        "opened_at": now,
        "until": now + timedelta(hours=1),
        "reason": "The patient is unconscious.",
        "review_due_at": now + timedelta(hours=24),
    }
    return EmergencyAccess.objects.create(referral=referral, **(defaults | values))


def dates(days: int = 7) -> dict[str, Any]:
    """A stay of three days that begins in `days` days."""
    start = timezone.now() + timedelta(days=days)
    return {"starts_at": start, "ends_at": start + timedelta(days=3)}


def desk_of(world: World, referral: Referral) -> Actor:
    """The host desk's actor for the referral's host country."""
    return world.actor(f"host_desk_{(referral.host_country_id or '').lower()}")


def make_accepted(world: World, by: Actor | None = None, **content: Any) -> Referral:
    """Accepted with an offered date."""
    referral = make_sent(world, by, **content)
    return actions.accept(referral.pk, by=desk_of(world, referral), **dates())


def make_in_care(world: World, by: Actor | None = None, **content: Any) -> Referral:
    """The patient is in the host hospital."""
    referral = make_accepted(world, by, **content)
    desk = desk_of(world, referral)
    actions.schedule(referral.pk, by=desk, **dates())
    return actions.admit(referral.pk, by=desk)


def summary() -> dict[str, Any]:
    """A discharge summary's content."""
    today = timezone.localdate()
    return {
        "admitted_on": today,
        "discharged_on": today,
        "care_given": "Mitral valve repair.",
        "outcome": "Recovered, mobile.",
        "advice": "Echocardiography in a month.",
    }
