"""Patients by their actions and access rules, on the real database: what is stored, what is refused, who may."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from core.actors import Actor
from core.audit.models import AuditRow
from core.errors import Denied, Invalid, NotKnown, Stale
from patients import access, actions, lookup
from patients.models import Identifier, Patient, Registration
from patients.names import match_key
from tests.factories.facilities import World
from tests.factories.patients import make_consent, make_coverage, make_patient, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician(world: World) -> Actor:
    return world.actor("clinician_kz")


@pytest.fixture
def outsider(world: World) -> Actor:
    return world.actor("outsider")


def test_registering_stores_everything_and_writes_one_audit_row(world: World, clinician: Actor) -> None:
    given = person(1, "KZ", residence_district=world.units["korday"].pk)
    coverage = {
        "kind": "insurance",
        "fund": world.funds["KZ"].pk,
        "valid_from": date(2026, 1, 1),
        "source": "register",
    }
    patient = actions.register_patient(by=clinician, coverage=coverage, **given)

    assert patient.name_latin == "Testova Patsientka Pervaia"
    assert patient.name_key == match_key("Тестова", "Пациентка", "Первая")
    assert patient.residence_district_id == world.units["korday"].pk
    assert patient.is_synthetic
    assert [(i.system, i.country, i.value) for i in patient.identifiers.all()] == [given["identifiers"][0]]
    assert patient.registrations.get().facility == world.korday
    kept = patient.coverages.get()
    assert (kept.kind, kept.fund, kept.valid_from, kept.valid_to) == (
        "insurance",
        world.funds["KZ"],
        date(2026, 1, 1),
        None,
    )
    row = AuditRow.objects.get(action="patient.registered")
    assert row.subject_id == str(patient.pk)
    stored = str(row.details) + row.subject_id
    assert "Тестова" not in stored
    assert given["identifiers"][0][2] not in stored


@pytest.mark.parametrize(
    "name", ["officer_kz", "coordinator_kz", "host_desk_kz", "auditor_kz", "administrator"]
)
def test_only_those_who_treat_may_register_or_see(world: World, clinician: Actor, name: str) -> None:
    patient = make_patient(clinician)
    other = world.actor(name)
    with pytest.raises(Denied):
        make_patient(other)
    with pytest.raises(Denied):
        actions.update_patient(by=other, patient_id=patient.pk, expected_version=1, phone="")
    assert not access.visible_patients(other).exists()
    assert access.visible_patients(clinician).get() == patient


def test_a_patient_of_another_facility_is_not_known(clinician: Actor, outsider: Actor) -> None:
    patient = make_patient(clinician)
    assert access.get_visible(clinician, patient.pk) == patient
    for attempt in (
        lambda by: access.get_visible(by, patient.pk),
        lambda by: access.get_whole(by, patient.pk),
        lambda by: actions.update_patient(by=by, patient_id=patient.pk, expected_version=1, phone=""),
        lambda by: actions.add_identifier(
            by=by, patient_id=patient.pk, system="passport", country="KZ", value="TEST001"
        ),
        lambda by: make_consent(by, patient, "KG"),
        lambda by: make_coverage(by, patient, 1),
    ):
        with pytest.raises(NotKnown):
            attempt(outsider)


@pytest.mark.in_turn
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family_name": "Иванoва"}, "family_name"),
        ({"given_name": "Тест\u200b"}, "given_name"),
        ({"patronymic": "Я" * 10_000}, "patronymic"),
        ({"family_name": "", "given_name": ""}, "family_name"),
        ({"birth_date": None}, "birth_date"),
        ({"birth_date": date(2999, 1, 1)}, "birth_date"),
        ({"birth_date": date(1801, 1, 1)}, "birth_date"),
        ({"sex": "other"}, "sex"),
        ({"citizenships": ["XX"]}, "citizenships"),
        ({"citizenships": [], "citizenship_status": "known"}, "citizenships"),
        ({"citizenship_status": "stateless"}, "citizenships"),
        ({"citizenship_status": "not_known"}, "citizenships"),
        ({"citizenship_status": "both"}, "citizenship_status"),
        ({"residence_district": 999_999_999}, "residence_district"),
        ({"address": "a" * 10_000}, "address"),
        ({"address": "a\u202eb"}, "address"),
        ({"phone": "12"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"preferred_language": "xx"}, "preferred_language"),
        ({"next_of_kin_phone": "1"}, "next_of_kin_phone"),
        ({"deceased_on": date(1900, 1, 1)}, "deceased_on"),
        ({"identifiers": [("kz-iin", "", "900101399017")]}, "identifiers.0"),
        ({"identifiers": [("kz-iin", "", "900101399016"), ("kz-iin", "", "850706499020")]}, "identifiers.1"),
        ({"identifiers": [("passport", "", "TEST123")]}, "identifiers.0"),
        ({"identifiers": [("passport", "XX", "TEST123")]}, "identifiers.0"),
        ({"identifiers": [("passport", "FR", "TEST123", date(2999, 1, 1))]}, "identifiers.0"),
        ({"identifiers": [("kz-iin", "", "900101399016", date(2030, 1, 1))]}, "identifiers.0"),
        (
            {"coverage": {"kind": "insurance", "valid_from": date(2026, 1, 1), "source": "register"}},
            "coverage.fund",
        ),
    ],
)
def test_bad_data_names_its_field_and_leaves_nothing(
    clinician: Actor, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        actions.register_patient(by=clinician, **person(2, "KZ", **changes))
    assert list(caught.value.fields) == [field]
    assert all(str(text) for text in caught.value.fields[field])
    assert not Patient.objects.exists()
    assert not Identifier.objects.exists()
    assert not AuditRow.objects.filter(action__startswith="patient.").exists()


def test_a_region_is_no_district_of_residence(world: World, clinician: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        make_patient(clinician, residence_district=world.units["zhambyl"].pk)
    assert "residence_district" in caught.value.fields
    assert make_patient(clinician, residence_district=world.units["korday"].pk).pk


def test_a_number_belongs_to_one_patient(clinician: Actor, outsider: Actor) -> None:
    first = make_patient(clinician)
    number = first.identifiers.get()
    taken = [(number.system, "", number.value)]
    with pytest.raises(Invalid) as caught:
        make_patient(clinician, identifiers=taken)
    assert caught.value.code == "identifier_taken"
    assert list(caught.value.fields) == ["identifiers.0"]
    # Another facility isn't told: without a ground it has a record of its own.
    second = make_patient(outsider, identifiers=taken)
    assert Patient.objects.count() == 2
    key = ("kz-iin", "KZ", number.value)
    assert [one.patient_id for one in lookup.known_anywhere(key)] == [first.pk, second.pk]
    assert lookup.known_anywhere(("kz-iin", "KZ", "850706499020")) == []


def test_soft_warnings_are_stored_and_weighed_anew(clinician: Actor) -> None:
    patient = make_patient(
        clinician, identifiers=[("uz-pinfl", "", "30101909999993")], birth_date=date(1990, 1, 2)
    )
    assert patient.identifiers.get().warnings == [
        "checksum",
        "birth_date_differs",
        *(["sex_differs"] if patient.sex == "female" else []),
    ]
    actions.update_patient(
        by=clinician, patient_id=patient.pk, expected_version=1, birth_date=date(1990, 1, 1), sex="male"
    )
    assert patient.identifiers.get().warnings == ["checksum"]


def test_an_unknown_patient_gets_a_temporary_number_and_later_a_name(clinician: Actor) -> None:
    patient = actions.register_patient(
        by=clinician,
        is_unknown=True,
        sex="unknown",
        preferred_language="ru",
        description="Found at the crossing",
    )
    assert patient.full_name == "Unknown patient"
    assert patient.identifiers.get().value.startswith("TMP-")
    changes = {"family_name": "Тестова", "birth_date": date(1990, 1, 1), "sex": "female"}
    with pytest.raises(Invalid):
        actions.update_patient(by=clinician, patient_id=patient.pk, expected_version=1, is_unknown=False)
    named = actions.update_patient(
        by=clinician, patient_id=patient.pk, expected_version=1, is_unknown=False, **changes
    )
    assert (named.full_name, named.version) == ("Тестова", 2)


def test_an_update_needs_the_version_that_was_read(clinician: Actor) -> None:
    patient = make_patient(clinician)
    actions.update_patient(by=clinician, patient_id=patient.pk, expected_version=1, address="Street 1")
    with pytest.raises(Stale):
        actions.update_patient(by=clinician, patient_id=patient.pk, expected_version=1, address="Street 2")
    patient.refresh_from_db()
    assert (patient.address, patient.version) == ("Street 1", 2)
    row = AuditRow.objects.get(action="patient.updated")
    assert row.details == {"fields": ["address"], "version": 2}
    actions.update_patient(by=clinician, patient_id=patient.pk, expected_version=2, address="Street 1")
    assert AuditRow.objects.filter(action="patient.updated").count() == 1


def test_the_same_registration_sent_twice_makes_one_patient(clinician: Actor, outsider: Actor) -> None:
    given, key = person(), uuid4()
    first = actions.register_patient(by=clinician, patient_id=key, **given)
    again = actions.register_patient(by=clinician, patient_id=key, **given)
    assert first == again
    assert Patient.objects.count() == Registration.objects.count() == Identifier.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():  # somebody else's key opens nothing
        actions.register_patient(by=outsider, patient_id=key, **person())


def test_a_city_that_is_a_region_is_a_residence_and_a_region_is_not(world: World) -> None:
    by = world.actor("clinician_kg")
    lives = make_patient(by, residence_district=world.units["bishkek"].pk)
    assert lives.residence_district == world.units["bishkek"]
    with pytest.raises(Invalid) as refused:
        make_patient(by, residence_district=world.units["zhambyl"].pk)
    assert list(refused.value.fields) == ["residence_district"]
