"""The search of every list: what a tired person types is found, and nothing that the reader may not see."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from patients.actions import add_identifier, update_patient, withdraw_consent
from patients.models import Patient, SearchWord
from referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.facilities import World
from tests.integration.patient_forms import find

pytestmark = pytest.mark.django_db

PERSON: dict[str, Any] = {
    "family_name": "Скрытнев",
    "given_name": "Матвей",
    "patronymic": "Ильич",
    "birth_date": date(1955, 3, 5),
    "phone": "+77011234567",
}
#: Ways to mean this person, whichever list is asked.
OF_THE_PERSON = (
    "Скрытнев",
    "матвей скрытнев",
    "Skrytnev Matvey",
    "Скрытнев 1955",
    "05.03.1955 Матвей",
    "Скритнев",
    "Сурытнев Матвей",
    "8 701 123-45-67",
    "+7 (701) 1234567",
    "ав 7654321",
)
OF_SOMEBODY_ELSE = ("Скрытнев 1956", "Петров", "Матвей Петров", "8 701 123-45-68", "АВ7654322", "Q99", "Э99")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def sent(world: World) -> Referral:
    """A referral of that person which waits for the answer of a Kyrgyz hospital."""
    clinician = world.actor("clinician_kz")
    patient = make.make_patient(world, clinician, **PERSON)
    add_identifier(by=clinician, patient_id=patient.pk, system="passport", country="RU", value="AB7654321")
    return make.make_sent(world, patient=patient)


def asks(client: Client, address: str) -> Callable[[str], list[str]]:
    """What a list shows when it is searched."""

    def found(text: str) -> list[str]:
        answer = client.post(address, {"q": text}, follow=True)
        assert answer.status_code == 200, text
        rows = answer.context["rows"]
        return [(row["row"] if isinstance(row, dict) else row).number for row in rows]

    return found


@pytest.fixture
def lists(world: World) -> dict[str, Callable[[str], list[str]]]:
    return {
        name: asks(signed_in(world, name), reverse(f"referrals:{page}") + tab)
        for name, page, tab in (
            ("clinician_kz", "worklist", "?tab=others"),
            ("officer_kz", "decisions", "?part=all"),
            ("coordinator_kz", "decisions", "?part=with_hosts"),
            ("host_desk_kg", "desk", "?part=answer"),
        )
    }


def test_every_list_finds_a_person_by_what_is_typed(world: World, lists: dict[str, Any]) -> None:
    referral, other = sent(world), make.make_sent(world)
    for place, (name, found) in enumerate(lists.items()):
        # All of them at one list, every third at each other: one engine answers.
        for text in OF_THE_PERSON if place == 0 else OF_THE_PERSON[place - 1 :: 3]:
            assert found(text) == [referral.number], (name, text)
        for text in OF_SOMEBODY_ELSE if place == 0 else OF_SOMEBODY_ELSE[place - 1 :: 3]:
            assert found(text) == [], (name, text)
        for text in (
            referral.number,
            referral.number.replace("-", ""),
            f"направление № {referral.number} от 5 мая",
        ):
            assert found(text) == [referral.number], (name, text)
        assert found(referral.number.replace("K", "К").lower()) == [referral.number]
        assert found(str(int(other.number[-6:]))) == [other.number], "the serial alone"
        for text in ("I34", "i34.0", "І34.0", "Бишкек", "bishkek", "National Бишкек"):
            assert set(found(text)) >= {referral.number, other.number}, (name, text)
        assert found("I21") == []
        assert found("Скрытнев Бишкек") == [referral.number]


def test_a_desk_finds_nothing_by_what_is_hidden_from_it(world: World, lists: dict[str, Any]) -> None:
    referral = sent(world)
    assert lists["host_desk_kg"]("Скрытнев") == [referral.number]
    withdraw_consent(
        by=world.actor("clinician_kz"), patient_id=referral.patient_id, consent_id=referral.consent_id
    )
    for text in (*OF_THE_PERSON, "I34", "1955"):
        assert lists["host_desk_kg"](text) == [], text
    for text in (OF_THE_PERSON[0], "I34", "1955"):
        assert referral.number in lists["clinician_kz"](text), text
    assert lists["host_desk_kg"](referral.number) == [referral.number]
    kyrgyz = asks(signed_in(world, "officer_kg"), reverse("referrals:decisions") + "?part=all")
    for text in (*OF_THE_PERSON[::3], "I34"):
        assert kyrgyz(text) == [], text
    assert kyrgyz("Бишкек") == [referral.number]
    for name in ("host_desk_uz", "outsider"):
        page = "desk" if "desk" in name else "worklist"
        assert asks(signed_in(world, name), reverse(f"referrals:{page}"))("Скрытнев") == []


def test_a_name_is_found_as_it_is_now(world: World, lists: dict[str, Any]) -> None:
    referral = sent(world)
    patient = Patient.objects.get(pk=referral.patient_id)
    update_patient(
        by=world.actor("clinician_kz"),
        patient_id=patient.pk,
        expected_version=patient.version,
        family_name="Переименов",
    )
    for found in lists.values():
        assert found("Переименов Матвей") == [referral.number]
        assert found("Скрытнев") == []
    places = set(SearchWord.objects.filter(patient=patient, word="").values_list("facility_id", flat=True))
    assert places == {referral.directing_facility_id, referral.host_facility_id}


def test_patients_by_all_of_it_and_a_referral_by_its_number(world: World) -> None:
    referral = sent(world)
    clinician, outsider = signed_in(world, "clinician_kz"), signed_in(world, "outsider")
    url = reverse("patients:detail", args=[referral.patient_id])
    for text in OF_THE_PERSON:
        assert url in find(clinician, text), text
        assert url not in find(outsider, text), text
    for text in OF_SOMEBODY_ELSE:
        assert url not in find(clinician, text), text
    case = reverse("referrals:detail", args=[referral.pk])
    assert case in find(clinician, f"Направление {referral.number.replace('-', ' ')}")
    strange = find(outsider, referral.number)
    assert case not in strange
    assert "your facility has none with it" in strange


def test_a_search_that_finds_many_has_a_next_page(world: World) -> None:
    clinician = world.actor("clinician_kz")
    for _one in range(21):
        make.make_patient(
            world, clinician, covered=False, family_name="Многочисленнов", birth_date=date(1960, 1, 1)
        )
    client = signed_in(world, "clinician_kz")
    place = client.post(reverse("patients:find"), {"q": "Многочисленнов 1960"})["Location"]
    first, second = (client.get(f"{place}&page={page}").context["page"] for page in (1, 2))
    assert (len(first.items), first.has_next, len(second.items), second.has_next) == (20, True, 1, False)
    assert not {one.pk for one in first.items} & {one.pk for one in second.items}
