"""A merge is undone while nothing belongs to both; an unknown patient who turns out to be somebody known is merged."""

from typing import Any

import pytest
from django.utils import timezone

from core.errors import IllegalTransition
from patients import actions
from patients.models import Merge, Patient, Registration
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.factories.merging import BORN, merge, record, undo
from tests.factories.patients import make_consent

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


def test_an_undo_is_refused_once_something_belongs_to_both(world: World) -> None:
    clinician = world.actor("clinician_kz")
    make.make_agreement()

    def merged_pair() -> tuple[Patient, Merge]:
        one, other = (
            record(world),
            record(
                world,
                phone="+77010000002",
                identifiers=[("passport", "KZ", f"N{world.korday.pk}{Patient.objects.count():07}")],
            ),
        )
        done = merge(world, one, other)
        one.refresh_from_db()
        return one, done

    def change(patient: Patient, **fields: Any) -> None:
        version = Patient.objects.get(pk=patient.pk).version
        actions.update_patient(by=clinician, patient_id=patient.pk, expected_version=version, **fields)

    def refused(done: Merge) -> str:
        with pytest.raises(IllegalTransition) as error:
            undo(world, done)
        return error.value.code

    one, done = merged_pair()
    change(one, phone="+77010000003")
    assert refused(done) == "changed_since"
    change(one, phone="+77010000002", address="Merke")  # as it was; what the merge didn't touch may change
    undo(world, done)
    one.refresh_from_db()
    assert (one.phone, one.address) == ("", "Merke")

    one, done = merged_pair()
    number = one.identifiers.get(system="passport")
    actions.remove_identifier(by=clinician, patient_id=one.pk, identifier_id=number.pk, reason="other_person")
    assert refused(done) == "number_removed"

    one, done = merged_pair()
    change(one, deceased_on=timezone.localdate())
    assert refused(done) == "died_since"

    one, other = record(world), record(world)
    consent = make_consent(clinician, other, "KG")
    done = merge(world, one, other)
    draft = make.make_draft(world, patient=one)
    Referral.objects.filter(pk=draft.pk).update(consent=consent)
    assert refused(done) == "consent_across"
    Referral.objects.filter(pk=draft.pk).update(consent=None)
    # Who came to know the record since knows both afterwards.
    Registration.objects.create(patient=one, facility=world.taraz)
    undo(world, done)
    assert {row.facility for row in other.registrations.all()} == {world.korday, world.taraz}


def test_an_unknown_patient_who_is_somebody_known(world: World) -> None:
    clinician = world.actor("clinician_kz")
    unknown = actions.register_patient(
        by=clinician,
        is_unknown=True,
        sex="unknown",
        preferred_language="ru",
        description="Scar.",
        is_synthetic=True,
    )
    known = record(world, preferred_language="ru")
    done = merge(world, unknown, known, ground="identified")  # whichever stays, the person is known
    unknown.refresh_from_db()
    assert (unknown.is_unknown, unknown.family_name, unknown.birth_date, unknown.sex) == (
        False,
        "Тестова",
        BORN,
        "female",
    )
    assert unknown.description == "Scar."
    undo(world, done)
    unknown.refresh_from_db()
    assert (unknown.is_unknown, unknown.full_name, unknown.birth_date) == (True, "Unknown patient", None)
