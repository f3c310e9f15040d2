"""A person whose every word is known, cases of theirs that are over, and periods by which they are erased."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from core.outbox import work
from core.walls.session import working
from facilities.reference import LoadReport
from patients import actions as patients
from patients.models import Patient, Registration
from referrals import actions
from referrals.models import Referral
from retention import loading, tasks
from retention.models import Sweep
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.patients import make_patient

CANARY = {
    "family_name": "Канареева",
    "given_name": "Кенарь",
    "patronymic": "Желтопёровна",
    "address": "Canary street 4417",
    "phone": "+77017734417",
    "email": "canary4417@example.org",
    "next_of_kin_name": "Canarykin Ovna",
    "next_of_kin_phone": "+77017734418",
    "next_of_kin_relation": "canarysister",
}
NUMBER, CLINICAL = ("passport", "KZ", "CANARY778812"), "canaryectomy"
SINGS = [*CANARY.values(), "Kanareeva", "kanareeva", NUMBER[2], CLINICAL, "canary"]


@pytest.fixture
def periods(world: World) -> World:
    loading.load(LoadReport())
    return world


def everything() -> list[str]:
    """Every value of every row of every model, as the portal reads it: sealed columns are opened."""
    found = []
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for row in model._base_manager.all():
                values = {one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields}
                found.append(f"{model._meta.label} {json.dumps(values, default=str, ensure_ascii=False)}")
    return found


def singing(rows: list[str]) -> list[str]:
    return [row for row in rows if any(one.casefold() in row.casefold() for one in SINGS)]


def long_ago(*referrals: Referral) -> None:
    """As if all that was over for thirty years."""
    was = timezone.now() - timedelta(days=30 * 366)
    Referral.objects.filter(pk__in=[one.pk for one in referrals]).update(over_at=was)
    for referral in referrals:
        Patient.objects.filter(pk=referral.patient_id).update(updated_at=was)
        family = Q(patient=referral.patient_id) | Q(patient__merged_into=referral.patient_id)
        Registration.objects.filter(family).update(registered_at=was)


def run() -> None:
    """The worker's day, in its role."""
    Sweep.objects.all().delete()
    with working():
        tasks.run()


def namesake(world: World, **person: Any) -> Patient:
    """Another record with the same words and no number."""
    return make_patient(world.actor("clinician_kz"), **{**CANARY, "phone": ""}, identifiers=[], **person)


def closed_case(world: World) -> Referral:
    """A whole journey of a person whose every word is known."""
    words = {"clinical_reason": f"{CLINICAL} advised", "service": CLINICAL, "goal": CLINICAL}
    patient = make.make_patient(world, world.actor("clinician_kz"), **CANARY, identifiers=[NUMBER])
    referral = make.make_in_care(world, patient=patient, **words)
    told = {**make.summary(), "care_given": CLINICAL, "outcome": CLINICAL, "advice": CLINICAL}
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **told)
    actions.close(referral.pk, by=world.actor("clinician_kz"))
    patients.update_patient(
        by=world.actor("clinician_kz"),
        patient_id=patient.pk,
        expected_version=Patient.objects.get(pk=patient.pk).version,
        next_of_kin_relation="sister",
    )
    work.drain()
    return Referral.objects.get(pk=referral.pk)


def closed_case_of_another(world: World) -> Referral:
    referral = make.make_in_care(world)
    actions.discharge(referral.pk, by=make.desk_of(world, referral), **make.summary())
    return referral
