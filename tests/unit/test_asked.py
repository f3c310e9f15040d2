"""The one box for patients: every way in which a text may be meant."""

from datetime import date

import pytest

from core.partial import PartialDate
from patients.asked import Asked, understand
from patients.names import search_key, sound_of
from patients.names.sounds import near_sounds
from patients.search import likeness_of
from referrals.search import numbers_in

YEAR = PartialDate(date(1955, 1, 1), "year")
DAY = PartialDate(date(1961, 3, 5))


def values(text: str) -> set[str]:
    return {value for asked in understand(text) for _system, value in asked.numbers}


@pytest.mark.parametrize(
    "text", ["Артемьев 1955", "1955 артемьев", "Artemev, 1955 г.р.", "Артемьев 1955г.", "  artemyev   1955 "]
)
def test_a_name_and_a_year(text: str) -> None:
    assert Asked(("artemev",), YEAR) in understand(text)


@pytest.mark.parametrize(
    "text", ["Иванов 05.03.1961", "5/3/1961 иванов", "1961-03-05 Ivanov", "Иванов 5.3.1961"]
)
def test_a_name_and_a_day(text: str) -> None:
    assert Asked(("ivanov",), DAY) in understand(text)


def test_names_dates_and_what_is_neither() -> None:
    assert understand("Матвей Скрытнев") == [Asked(("matvei", "skritnev"))]
    assert Asked((), PartialDate(date(1961, 3, 1), "month")) in understand("03.1961")
    assert Asked((), YEAR) in understand("1955"), "a year alone"
    for nobody in ("", "???", "Q99", "I34.0", "31.02.1990 x"):
        assert all(asked.born is None for asked in understand(nobody)), nobody
    assert understand("Q99") == []


@pytest.mark.parametrize(
    "text", ["АВ7654321", "ав 7654321", "AB-7654321", "паспорт АВ 7654321", "№ AB 765 4321", "Ли AB7654321"]
)
def test_a_document_s_number_in_either_script(text: str) -> None:
    assert "AB7654321" in values(text)
    assert any(asked.words in ((), ("li",)) for asked in understand(text) if asked.numbers)


@pytest.mark.parametrize("text", ["TMP-ABCDEFGH", "ТМР ABCDEFGH", "tmpabcdefgh", "тмр-авсdеfgн"])
def test_a_temporary_number_in_either_script(text: str) -> None:
    assert "TMP-ABCDEFGH" in values(text)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("8 701 123 45 67", "+77011234567"),
        ("+7 (701) 123-45-67", "+77011234567"),
        ("7011234567", "+77011234567"),
        ("тел. 0555 123 456", "+996555123456"),
        ("998 90 123-45-67", "+998901234567"),
        ("8-90-123-45-67", "+998901234567"),
    ],
)
def test_a_telephone_in_any_form(text: str, phone: str) -> None:
    assert any(phone in asked.phones for asked in understand(text))


def test_a_name_s_sound() -> None:
    for one, other in (("tolagonov", "tulaganov"), ("ahmetov", "ahmedov"), ("kordaeva", "kordaieva")):
        assert sound_of(one) == sound_of(other), (one, other)
    assert sound_of("asen") in near_sounds("hasen")
    assert sound_of("skritnev") in near_sounds("sritnev"), "a letter too few"
    assert sound_of("skritnev") not in near_sounds("petrov")
    key = search_key("Салтыков-Щедрин", "Әсел")
    assert {"saltikov", "xedrin", "saltikovxedrin", "asel"} <= set(key.split())
    assert likeness_of(["asel", "saltikov"], key) == 1.0
    assert likeness_of(["asel", "ivanov"], key) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "KZ-26-004817",
        "kz26004817",
        "КZ-26-004817",
        "КЗ–26–004817",
        "направление №KZ 26 004817 от 5 мая",
        "KZ_26/OO4817",
    ],
)
def test_a_referral_s_number_anywhere(text: str) -> None:
    assert numbers_in(text) == ["KZ-26-004817"]


def test_no_referral_s_number() -> None:
    for text in ("", "KZ-26-00481", "KZ-26-0048175", "AKZ26004817", "kazakhstan 26", "RU-26-004817"):
        assert numbers_in(text) == [], text
    assert numbers_in("UZ-26-000001, KG-27-000002") == ["UZ-26-000001", "KG-27-000002"]
