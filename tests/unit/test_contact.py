"""Telephone numbers as people type them, and as they are kept."""

import pytest

from patients.contact import clean_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+7 701 123 45 67", "+77011234567"),
        ("8 (701) 123-45-67", "+77011234567"),
        ("00998 90 123 45 67", "+998901234567"),
        ("998901234567", "+998901234567"),
        ("0555 123 456", "+996555123456"),
        ("+996 555 123 456", "+996555123456"),
    ],
)
def test_numbers_of_the_three_countries(typed: str, stored: str) -> None:
    assert clean_phone(typed) == stored


def test_a_number_that_no_plan_knows_is_taken_by_its_length() -> None:
    assert clean_phone("+7 799 123 45 67") == "+77991234567"
    assert clean_phone("799 123 45 67", "KZ") == "+77991234567"
    assert clean_phone("+7 799 123 45 6", "KZ") is None


def test_a_number_that_fits_two_countries_is_read_as_one_at_home() -> None:
    assert clean_phone("77 123 45 67", "UZ") == "+998771234567"
    assert clean_phone("077 123 45 67", "KG") == "+996771234567"


@pytest.mark.parametrize("typed", ["12", "see letter", "+7 701\u200b 123 45 67", "7" * 41, "+7"])
def test_what_is_no_number_is_refused_and_nothing_stays_nothing(typed: str) -> None:
    assert clean_phone(typed, "KZ") is None
    assert clean_phone("  ", "KZ") == ""
