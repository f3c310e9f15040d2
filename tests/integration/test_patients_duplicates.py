"""Who is the same person: links, likely duplicates and the search, by their rules."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.actors import Actor
from core.audit.models import AuditRow
from core.errors import Invalid
from patients import access, actions
from patients.duplicates import Duplicates, likely_duplicates
from tests.factories.facilities import World
from tests.factories.patients import GROUND, make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinician(world: World) -> Actor:
    return world.actor("clinician_kz")


@pytest.fixture
def outsider(world: World) -> Actor:
    return world.actor("outsider")


def test_linking_needs_number_and_birth_date(world: World, clinician: Actor, outsider: Actor) -> None:
    patient = make_patient(clinician)
    number = patient.identifiers.get()
    wanted = {"system": number.system, "value": number.value, "ground": GROUND}
    assert patient.birth_date is not None
    with pytest.raises(Invalid) as wrong_date:
        actions.link_patient(by=outsider, birth_date=patient.birth_date + timedelta(days=1), **wanted)
    with pytest.raises(Invalid) as no_number:
        actions.link_patient(
            by=outsider, system="kz-iin", value="850706499020", birth_date=patient.birth_date, ground=GROUND
        )
    assert wrong_date.value.fields == no_number.value.fields
    assert AuditRow.objects.filter(action="patient.link_refused").count() == 2
    with pytest.raises(Invalid) as no_ground:
        actions.link_patient(by=outsider, birth_date=patient.birth_date, **(wanted | {"ground": None}))
    assert list(no_ground.value.fields) == ["ground.kind"]
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
            by=outsider,
            system=number.system,
            value=number.value,
            birth_date=patient.birth_date,
            ground=GROUND,
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
    numbers = [(number.system, number.country, number.value)]
    here = duplicates(clinician, identifiers=numbers)
    assert [(one.patient, one.reason) for one in here.here] == [(known, "identifier")]
    abroad = duplicates(outsider, identifiers=numbers, birth_date=known.birth_date)
    assert abroad.here == ()
    assert not abroad


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
