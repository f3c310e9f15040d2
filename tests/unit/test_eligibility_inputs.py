"""What a check is run on: the hash that stands beside it, and settings that no rule would take."""

import pytest

from eligibility import RULES, run
from tests.unit.test_eligibility import ALL, GOOD, report


def test_a_known_case_keeps_its_hash() -> None:  # it stands beside every check in the database
    assert run(GOOD, ALL).inputs_hash == "7f5e09c90096f6a1721dae9d4b1d35c6e856ef402398a88675e0492680f0f754"


def test_a_setting_outside_its_bounds_stops_the_check_instead_of_bending_it() -> None:
    assert RULES["MED-01"](report(1), {"max_age_days": 1}).outcome == "pass"
    for wrong in (0, 3651, True, "30"):
        with pytest.raises(ValueError, match="MED-01: max_age_days"):
            RULES["MED-01"](report(1), {"max_age_days": wrong})
