"""An age as clinicians say it."""

from datetime import date

import pytest

from patients.models import Patient
from patients.presentation import age_text

TODAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2028, 2, 29), "newborn"),
        (date(2028, 2, 28), "1 day"),
        (date(2028, 2, 2), "27 days"),
        (date(2028, 2, 1), "4 weeks"),
        (date(2027, 11, 30), "13 weeks"),
        (date(2027, 11, 29), "3 months"),
        (date(2026, 3, 1), "23 months"),
        (date(2026, 2, 28), "2 years"),
        (date(2027, 3, 31), "10 months"),
        (date(2010, 3, 1), "17 years"),
        (date(2010, 2, 28), "18 years"),
        (date(2024, 2, 29), "4 years"),
        (None, ""),
        (date(2028, 3, 1), ""),
    ],
)
def test_days_weeks_months_years(born: date | None, said: str) -> None:
    assert age_text(Patient(birth_date=born), TODAY) == said
    about = Patient(birth_date=born, birth_date_estimated=True)
    assert age_text(about, TODAY) == ("" if not said else said if said == "newborn" else f"about {said}")


def test_who_has_died_stays_as_old() -> None:
    patient = Patient(birth_date=date(1950, 6, 1), deceased_on=date(2020, 5, 31))
    assert age_text(patient, TODAY) == "69 years"


@pytest.mark.parametrize(
    ("born", "precision", "said"),
    [
        (date(1961, 1, 1), "year", "about 67 years"),
        (date(2010, 1, 1), "year", "about 18 years"),
        (date(2028, 1, 1), "year", "less than a year"),
        (date(2010, 3, 1), "month", "about 17 years"),
        (date(2027, 4, 1), "month", "about 10 months"),
        (date(2028, 2, 1), "month", "less than a month"),
        (date(2029, 1, 1), "year", ""),
    ],
)
def test_of_a_part_of_the_date_no_more_is_said_than_is_known(born: date, precision: str, said: str) -> None:
    assert age_text(Patient(birth_date=born, birth_precision=precision), TODAY) == said
