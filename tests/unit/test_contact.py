"""Telephone numbers as people type them, and as they are kept."""

import pytest

from core.phones import clean_phone, phone_error, read_phone
from patients.contact import clean_text, is_nobodys_email


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("", "+7 701 123 45 67", "+77011234567"),
        ("", "8 (701) 123-45-67", "+77011234567"),
        ("KZ", "8-701-123-45-67", "+77011234567"),
        ("KZ", "701 123 45 67", "+77011234567"),
        ("KZ", "7 701 123 45 67", "+77011234567"),
        ("KZ", "+7 (701) 123–45–67", "+77011234567"),
        ("KZ", "８（７０１）１２３－４５－６７", "+77011234567"),
        ("KZ", "٨ ٧٠١ ١٢٣ ٤٥ ٦٧", "+77011234567"),
        ("UZ", "8 701 123 45 67", "+77011234567"),
        ("KZ", "8 912 345 67 89", "+79123456789"),
        ("", "00998 90 123 45 67", "+998901234567"),
        ("KZ", "00998901234567", "+998901234567"),
        ("KZ", "8 10 998 90 123 45 67", "+998901234567"),
        ("KZ", "998901234567", "+998901234567"),
        ("UZ", "998 (90) 123/45/67", "+998901234567"),
        ("UZ", "8-90-123-45-67", "+998901234567"),
        ("UZ", "90 123 45 67", "+998901234567"),
        ("KG", "0555 123 456", "+996555123456"),
        ("KG", "555 123 456", "+996555123456"),
        ("KZ", "0555 123 456", "+996555123456"),
        ("UZ", "996 555 123 456", "+996555123456"),
        ("KG", "+49 30 901820", "+4930901820"),
        ("KZ", "тел. 8 (701) 123 45 67", "+77011234567"),
        ("KZ", "(+7) 701 1234567", "+77011234567"),
        ("KZ", "(8701) 123−45−67", "+77011234567"),
        ("KZ", "+992 93 123 45 67", "+992931234567"),
        ("KG", "(0312) 62-00-01", "+996312620001"),
        ("UZ", "71 200 12 34", "+998712001234"),
        ("KZ", "8~10~996 555 123 456", "+996555123456"),
    ],
)
def test_what_people_type_is_the_number_that_they_mean(country: str, typed: str, stored: str) -> None:
    assert clean_phone(typed, country) == stored


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("KZ", "8701123456"),
        ("KZ", "701123456"),
        ("KZ", "87011234567 8"),
        ("KZ", "799 123 45 67"),
        ("UZ", "8-90-123-45-6"),
        ("KG", "0555 123 45"),
        ("KG", "90 123 45 67"),
        ("UZ", "0901234567"),
        ("KZ", "0000000000"),
        ("KZ", "11111111"),
        ("KZ", "+7 701 123 45 6"),
        ("KZ", "+7701123456"),
        ("KZ", "12"),
        ("KZ", "see letter"),
        ("KZ", "+7 701\u200b 123 45 67"),
        ("KZ", "7" * 41),
        ("KZ", "+7"),
        ("KZ", "701 ABC DEFG"),
        ("KZ", "8-701-CALL-NOW"),
        ("KZ", "8 (701) 123 45 67 (жена)"),
        ("KZ", "8 7172 12 34 56 доб. 123"),
        ("KZ", "+7 701 123 45 67 #12"),
        ("KZ", "87011234567x5"),
        ("KZ", "8701 1234567; 8702 1234567"),
        ("KZ", "+77011234567 / +77021234567"),
        ("KZ", "87011234567/02"),
    ],
)
def test_no_number_is_taken_for_somebody_else_s(country: str, typed: str) -> None:
    assert clean_phone(typed, country) is None


@pytest.mark.parametrize(
    ("country", "typed", "likely"),
    [
        ("KG", "90 123 45 67", "+998901234567"),
        ("UZ", "701 123 45 67", "+77011234567"),
        ("KZ", "555 123 456", "+998555123456 / +996555123456"),
        ("KZ", "+8 701 123 45 67", "+77011234567"),
        ("UZ", "+998 8 90 123 45 67", "+998901234567"),
        ("KG", "8 0555 123 456", "+996555123456"),
        ("KZ", "0998901234567", "+998901234567"),
        ("KZ", "992931234567", "+992931234567"),
        ("UZ", "8 371 200 12 34", "+998712001234"),
        ("KZ", "87O11234567", "+77011234567"),
        ("UZ", "see letter", ""),
    ],
)
def test_what_may_be_another_number_is_asked_about(country: str, typed: str, likely: str) -> None:
    read = read_phone(typed, country)
    assert (read.number, read.likely) == (None, likely)
    assert likely in str(phone_error(read))


@pytest.mark.parametrize("country", ["KZ", "UZ", "KG", ""])
@pytest.mark.parametrize(
    "typed",
    [
        "0000000",
        "1111111",
        "9999999999",
        "1234567890",
        "9876543210",
        "+7 000 000 00 00",
        "+7 (777) 777-77-77",
        "8 701 000 00 00",
        "+998 00 000 00 00",
        "+998 90 000 00 00",
        "+996 000 000 000",
        "0555 555 555",
        "+1234567890",
    ],
)
def test_a_stand_in_is_nobody_s_number_and_says_what_to_do(country: str, typed: str) -> None:
    read = read_phone(typed, country)
    assert read == (None, "", "placeholder")
    assert "Leave the field empty if the number isn’t known." in str(phone_error(read))


def test_a_code_that_no_table_knows_yet_is_taken_with_its_country_s_code_alone() -> None:
    assert clean_phone("+7 799 123 45 67", "KZ") == "+77991234567"
    assert clean_phone("799 123 45 67", "KZ") is None
    assert clean_phone("+7 799 123 45 6", "KZ") is None


def test_a_number_that_fits_two_countries_is_read_as_one_at_home() -> None:
    assert clean_phone("77 123 45 67", "UZ") == "+998771234567"
    assert clean_phone("077 123 45 67", "KG") == "+996771234567"


def test_nothing_stays_nothing() -> None:
    assert clean_phone("  ", "KZ") == ""


def test_text_is_tidied_and_some_addresses_are_nobodys() -> None:
    assert [clean_text(text) for text in (" А  -\t1", "а\u200bб")] == ["А - 1", None]
    for address in (
        "no@no.no",
        "yoq@mail.uz",
        "жоқ@mail.kz",
        "xxx@gmail.com",
        "нет@mail.kz",
        "test@test.ru",
        "a@a.kz",
        "NoEmail@mail.ru",
    ):
        assert is_nobodys_email(address), address
    for address in ("nan@mail.ru", "777777@mail.ru", "test@example.org", "nora@no.kz", "aigul@mail.ru"):
        assert not is_nobodys_email(address), address
