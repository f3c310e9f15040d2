"""Consents, coverage and numbers of a patient: what is refused, what never changes, what the database holds."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import IllegalTransition, Invalid, NotKnown
from patients import actions
from patients.models import Consent, Coverage, Identifier, Patient, Registration
from tests.factories.facilities import World, make_world_with_cast
from tests.factories.patients import make_consent, make_coverage, make_patient, person

pytestmark = [pytest.mark.django_db, pytest.mark.in_turn]


@pytest.fixture
def clinician(world: World) -> Actor:
    return world.actor("clinician_kz")


@pytest.fixture
def outsider(world: World) -> Actor:
    return world.actor("outsider")


def test_a_consent_is_withdrawn_once_and_by_the_facility_of_the_patient(
    clinician: Actor, outsider: Actor
) -> None:
    patient = make_patient(clinician)
    consent = make_consent(clinician, patient, "KG")
    assert consent.given_by == patient.full_name
    assert (consent.purpose, consent.recipient_country_id) == ("treatment", "KG")
    assert (consent.valid_from, consent.withdrawn_at) == (timezone.localdate(), None)
    with pytest.raises(NotKnown):
        actions.withdraw_consent(by=outsider, patient_id=patient.pk, consent_id=consent.pk)

    actions.withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=consent.pk)
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    with pytest.raises(IllegalTransition):
        actions.withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=consent.pk)
    with pytest.raises(NotKnown):
        actions.withdraw_consent(by=clinician, patient_id=patient.pk, consent_id=consent.pk + 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "fun"}, "purpose"),
        ({"country": "KZ"}, "recipient_country"),
        ({"country": "FR"}, "recipient_country"),
        ({"valid_to": date(2000, 1, 1)}, "valid_to"),
        ({"valid_to": date(2999, 1, 1)}, "valid_to"),
        ({"how": "telepathy"}, "how"),
        ({"how": "representative", "given_by": " "}, "given_by"),
        ({"given_by": "x" * 10_000}, "given_by"),
        ({"given_by": "x\u200b"}, "given_by"),
    ],
)
def test_bad_consent_names_its_field(clinician: Actor, changes: dict[str, Any], field: str) -> None:
    patient = make_patient(clinician)
    with pytest.raises(Invalid) as caught:
        make_consent(clinician, patient, **{"country": "KG", **changes})
    assert list(caught.value.fields) == [field]
    assert not Consent.objects.exists()
    assert make_consent(clinician, patient, "KG").pk


def test_the_same_consent_and_coverage_sent_twice_are_one(world: World, clinician: Actor) -> None:
    patient = make_patient(clinician)
    assert make_consent(clinician, patient, "KG") == make_consent(clinician, patient, "KG")
    fund = world.funds["KZ"].pk
    assert make_coverage(clinician, patient, fund) == make_coverage(clinician, patient, fund)
    assert Consent.objects.count() == Coverage.objects.count() == 1


def test_the_terms_of_a_consent_never_change(clinician: Actor) -> None:
    consent = make_consent(clinician, make_patient(clinician), "KG")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(purpose="payment")
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now())
    actions.withdraw_consent(by=clinician, patient_id=consent.patient_id, consent_id=consent.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=None, withdrawn_by_label="")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "gift"}, "kind"),
        ({"fund": None}, "fund"),
        ({"fund": 999_999}, "fund"),
        ({"source": "rumour"}, "source"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": date(1990, 1, 1)}, "valid_to"),
        ({"checked_on": date(2999, 1, 1)}, "checked_on"),
        ({"number": "1" * 10_000}, "number"),
    ],
)
def test_bad_coverage_names_its_field(
    world: World, clinician: Actor, changes: dict[str, Any], field: str
) -> None:
    patient = make_patient(clinician)
    given = {"fund": world.funds["KZ"].pk, **changes}
    with pytest.raises(Invalid) as caught:
        make_coverage(clinician, patient, given.pop("fund"), **given)
    assert list(caught.value.fields) == [field]
    assert not Coverage.objects.exists()


def test_numbers_can_be_added_and_removed(clinician: Actor) -> None:
    patient = make_patient(clinician)
    first = patient.identifiers.get()
    added = actions.add_identifier(
        by=clinician, patient_id=patient.pk, system="passport", country="KZ", value="test 0000001"
    )
    assert added.value == "TEST0000001"
    for bad in (("kz-iin", "850706499020"), ("temporary", "TMP-ABCDEFGH"), ("passport", "ЖЕСТ001")):
        with pytest.raises(Invalid):
            actions.add_identifier(
                by=clinician, patient_id=patient.pk, system=bad[0], country="KZ", value=bad[1]
            )
    with pytest.raises(Invalid):
        actions.remove_identifier(by=clinician, patient_id=patient.pk, identifier_id=first.pk, reason="")
    for identifier in (first, added):
        actions.remove_identifier(
            by=clinician, patient_id=patient.pk, identifier_id=identifier.pk, reason="typing_error"
        )
    assert [number.system for number in patient.identifiers.all()] == ["temporary"]


@pytest.mark.parametrize(
    "values",
    [
        {"birth_date": None},
        {"family_name": "", "given_name": ""},
        {"sex": "x"},
        {"birth_date": date(1700, 1, 1)},
        {"deceased_on": date(1900, 1, 1)},
        {"version": 0},
    ],
)
def test_the_database_refuses_what_must_never_be(clinician: Actor, values: dict[str, Any]) -> None:
    patient = make_patient(clinician)
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(**values)
    assert Patient.objects.filter(pk=patient.pk).update(address="elsewhere") == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_register_one_number_at_the_same_moment(transactional_db: Any) -> None:
    world = make_world_with_cast()
    actors = [world.actor("clinician_kz"), world.actor("outsider")] * 3
    number = person(77, "KZ")["identifiers"]
    barrier, outcomes = threading.Barrier(len(actors)), []

    def register(actor: Actor) -> None:
        try:
            barrier.wait(10)
            actions.register_patient(by=actor, **person(identifiers=number))
            outcomes.append("made")
        except Invalid as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # One at each facility: that the other has the number, too, is nobody's to learn from a registration.
    assert sorted(outcomes) == ["identifier_taken"] * 4 + ["made"] * 2
    assert Patient.objects.count() == Registration.objects.count() == Identifier.objects.count() == 2
