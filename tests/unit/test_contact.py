"""Telephone numbers as people type them, and as they are kept."""

import pytest

from patients.contact import clean_phone, read_phone


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
    ],
)
def test_no_number_is_taken_for_somebody_else_s(country: str, typed: str) -> None:
    assert clean_phone(typed, country) is None


def test_what_may_be_a_neighbour_s_number_is_asked_about() -> None:
    assert read_phone("90 123 45 67", "KG") == (None, "+998901234567")
    assert read_phone("701 123 45 67", "UZ") == (None, "+77011234567")
    assert read_phone("see letter", "UZ") == (None, "")


def test_a_code_that_no_table_knows_yet_is_taken_with_its_country_s_code_alone() -> None:
    assert clean_phone("+7 799 123 45 67", "KZ") == "+77991234567"
    assert clean_phone("799 123 45 67", "KZ") is None
    assert clean_phone("+7 799 123 45 6", "KZ") is None


def test_a_number_that_fits_two_countries_is_read_as_one_at_home() -> None:
    assert clean_phone("77 123 45 67", "UZ") == "+998771234567"
    assert clean_phone("077 123 45 67", "KG") == "+996771234567"


def test_nothing_stays_nothing() -> None:
    assert clean_phone("  ", "KZ") == ""
