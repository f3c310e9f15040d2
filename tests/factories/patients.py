"""Patients for tests: always synthetic, made by the same actions as real ones."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core.actors import Actor
from patients import actions
from patients.comparing import compare, contradictions
from patients.models import Consent, Coverage, Merge, Patient
from patients.synthetic import synthetic_coverage, synthetic_person

_numbers = count(1)
#: By what right another facility's record is asked for: it covers nothing but who the patient is.
GROUND = actions.Ground(kind="consent", how="written")


def person(n: int | None = None, country: str = "KZ", **changes: Any) -> dict[str, Any]:
    """Arguments of `register_patient`; without `n` a person whom no other call made."""
    return synthetic_person(n or next(_numbers) + 10_000, country) | changes


def make_patient(by: Actor, **changes: Any) -> Patient:
    """A patient of the actor's facility, of the actor's country (KZ for the operator's people)."""
    return actions.register_patient(by=by, **person(country=by.country or "KZ", **changes))


def make_consent(by: Actor, patient: Patient, country: str, **changes: Any) -> Consent:
    """A consent to treatment in that country, from today for half a year."""
    today = timezone.localdate()
    terms = {
        "purpose": "treatment",
        "recipient_country": country,
        "valid_from": today,
        "valid_to": today + timedelta(days=180),
        "how": "written",
    }
    return actions.record_consent(by=by, patient_id=patient.pk, **(terms | changes))


def make_coverage(by: Actor, patient: Patient, fund: int, **changes: Any) -> Coverage:
    """Insurance with the fund (its key), this year and the next."""
    terms = synthetic_coverage(by.country, fund, timezone.localdate()) | changes
    return actions.record_coverage(by=by, patient_id=patient.pk, **terms)


def make_merge(by: Actor, survivor: Patient, merged: Patient, **changes: Any) -> Merge:
    """The two records merged; where they contradict each other, what the one that stays says stands."""
    survivor, merged = Patient.objects.get(pk=survivor.pk), Patient.objects.get(pk=merged.pk)
    said = {
        "survivor_id": survivor.pk,
        "merged_id": merged.pk,
        "survivor_version": survivor.version,
        "merged_version": merged.version,
        "ground": "entered_twice",
        "choices": {unit.name: "survivor" for unit in contradictions(compare(survivor, merged))},
    }
    return actions.merge_patients(by=by, **(said | changes))
