"""Patients by their actions and access rules, on the real database: what is stored, what is refused, who may."""

import threading
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import Actor
from core.audit.models import AuditRow
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Stale
from patients import access, actions, lookup
from patients.duplicates import Duplicates, likely_duplicates
from patients.models import Consent, Coverage, Identifier, Patient, Registration
from patients.names import match_key
from tests.factories.facilities import World, make_world_with_cast
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
    assert [(i.system, i.country_id, i.value) for i in patient.identifiers.all()] == [given["identifiers"][0]]
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
        ({"citizenship": "XX"}, "citizenship"),
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
        ({"identifiers": [("passport", "FR", "TEST123")]}, "identifiers.0"),
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
    for actor in (clinician, outsider):
        with pytest.raises(Invalid) as caught:
            make_patient(actor, identifiers=taken)
        assert caught.value.code == "identifier_taken"
        assert list(caught.value.fields) == ["identifiers.0"]
    assert Patient.objects.count() == 1
    key = ("kz-iin", "KZ", number.value)
    assert lookup.find_owners([key, ("kz-iin", "KZ", "850706499020")]) == [(first.pk, *key)]


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


def test_linking_needs_number_and_birth_date(world: World, clinician: Actor, outsider: Actor) -> None:
    patient = make_patient(clinician)
    number = patient.identifiers.get()
    wanted = {"system": number.system, "value": number.value}
    assert patient.birth_date is not None
    with pytest.raises(Invalid) as wrong_date:
        actions.link_patient(by=outsider, birth_date=patient.birth_date + timedelta(days=1), **wanted)
    with pytest.raises(Invalid) as no_number:
        actions.link_patient(
            by=outsider, system="kz-iin", value="850706499020", birth_date=patient.birth_date
        )
    assert wrong_date.value.fields == no_number.value.fields
    assert AuditRow.objects.filter(action="patient.link_refused").count() == 2
    assert not access.visible_patients(outsider).exists()

    assert actions.link_patient(by=outsider, birth_date=patient.birth_date, **wanted) == patient
    assert actions.link_patient(by=outsider, birth_date=patient.birth_date, **wanted) == patient
    assert access.get_visible(outsider, patient.pk) == patient
    assert patient.registrations.count() == 2
    assert AuditRow.objects.filter(action="patient.linked").count() == 1


def test_an_estimated_birth_date_links_nobody(clinician: Actor, outsider: Actor) -> None:
    patient = make_patient(clinician, birth_date_estimated=True)
    number = patient.identifiers.get()
    assert patient.birth_date is not None
    with pytest.raises(Invalid):
        actions.link_patient(
            by=outsider, system=number.system, value=number.value, birth_date=patient.birth_date
        )


def duplicates(by: Actor, **changes: Any) -> Duplicates:
    asked = {
        "family_name": "Қордаева",
        "given_name": "Әсел",
        "birth_date": date(1990, 3, 5),
        "identifiers": (),
    }
    return likely_duplicates(by, **(asked | changes))


def test_likely_duplicates_by_name_and_date(clinician: Actor, outsider: Actor) -> None:
    known = make_patient(clinician, family_name="Qordayeva", given_name="Asel", birth_date=date(1990, 3, 5))
    make_patient(clinician, family_name="Тестова", given_name="Пациентка", birth_date=date(1990, 3, 5))
    found = duplicates(clinician)
    assert [(one.patient, one.reason) for one in found.here] == [(known, "birth_date")]
    assert [one.reason for one in duplicates(clinician, birth_date=date(1990, 5, 3)).here] == [
        "birth_date_swapped"
    ]
    assert [one.reason for one in duplicates(clinician, birth_date=date(1990, 8, 1)).here] == ["birth_year"]
    assert not duplicates(clinician, birth_date=date(1991, 3, 5))
    assert not duplicates(clinician, birth_date=date(1990, 8, 1), given_name="Гүлнұр")
    assert duplicates(clinician, family_name="Қордаиева").here[0].patient == known
    assert not duplicates(outsider)


def test_patronymics_only_speak_against(clinician: Actor) -> None:
    known = make_patient(
        clinician,
        family_name="Қордаева",
        given_name="Әсел",
        patronymic="Серікқызы",
        birth_date=date(1990, 3, 5),
    )
    later = date(1990, 8, 1)
    assert duplicates(clinician, birth_date=later).here[0].patient == known
    assert duplicates(clinician, birth_date=later, patronymic="Serikkyzy").here[0].patient == known
    assert not duplicates(clinician, birth_date=later, patronymic="Бақытқызы")
    assert duplicates(clinician, patronymic="Бақытқызы").here[0].patient == known  # the same day: ask


def test_likely_duplicates_by_number_tell_nothing_of_others(clinician: Actor, outsider: Actor) -> None:
    known = make_patient(clinician)
    number = known.identifiers.get()
    numbers = [(number.system, number.country_id, number.value)]
    here = duplicates(clinician, identifiers=numbers)
    assert [(one.patient, one.reason) for one in here.here] == [(known, "identifier")]
    abroad = duplicates(outsider, identifiers=numbers, birth_date=known.birth_date)
    assert (abroad.here, abroad.elsewhere, abroad.taken) == ((), tuple(numbers), ())
    differing = duplicates(outsider, identifiers=numbers, birth_date=date(1950, 1, 1))
    assert (differing.here, differing.elsewhere, differing.taken) == ((), (), tuple(numbers))
    assert not differing


@pytest.mark.parametrize("text", ["Қордаева", "kordaeva", "Asel Qordayeva", "әсел", "korda"])
def test_search_by_name_in_either_script(clinician: Actor, outsider: Actor, text: str) -> None:
    known = make_patient(clinician, family_name="Қордаева", given_name="Әсел", patronymic="Серікқызы")
    make_patient(clinician, family_name="Юлдузова", given_name="Шерзод")
    assert list(access.search_patients(clinician, text)) == [known]
    assert list(access.search_patients(outsider, text)) == []


def test_a_wrong_letter_is_found_by_the_second_search(clinician: Actor, outsider: Actor) -> None:
    known = make_patient(clinician, family_name="Қордаева", given_name="Әсел")
    make_patient(clinician, family_name="Юлдузова", given_name="Шерзод")
    assert list(access.search_similar(clinician, "Qordayva")) == [known]
    assert list(access.search_similar(clinician, "Kordaeva Asem")) == [known]
    assert list(access.search_similar(outsider, "Qordayva")) == []


def test_search_by_number_and_birth_date(clinician: Actor, outsider: Actor) -> None:
    known = make_patient(clinician)
    make_patient(clinician)
    value = known.identifiers.get().value
    spaced = f"{value[:6]} {value[6:9]}-{value[9:]}"
    assert list(access.search_patients(clinician, spaced)) == [known]
    assert list(access.search_patients(outsider, value)) == []
    assert list(access.search_patients(clinician, "", known.birth_date)) == [known]
    assert list(access.search_patients(clinician, value, date(1901, 1, 1))) == []
    assert list(access.search_patients(clinician, "???")) == []


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
    for bad in (("kz-iin", "850706499020"), ("temporary", "TMP-ABCDEFGH"), ("passport", "ТЕСТ001")):
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
    assert sorted(outcomes) == ["identifier_taken"] * 5 + ["made"]
    assert Patient.objects.count() == Registration.objects.count() == Identifier.objects.count() == 1


def test_a_city_that_is_a_region_is_a_residence_and_a_region_is_not(world: World) -> None:
    by = world.actor("clinician_kg")
    lives = make_patient(by, residence_district=world.units["bishkek"].pk)
    assert lives.residence_district == world.units["bishkek"]
    with pytest.raises(Invalid) as refused:
        make_patient(by, residence_district=world.units["zhambyl"].pk)
    assert list(refused.value.fields) == ["residence_district"]
