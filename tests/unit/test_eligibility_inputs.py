"""What a check is run on: the hash that stands beside it, and settings that no rule would take."""

import pytest

from eligibility import RULES, run
from tests.unit.test_eligibility import ALL, GOOD, report


def test_a_known_case_keeps_its_hash() -> None:  # it stands beside every check in the database
    assert run(GOOD, ALL).inputs_hash == "0f08629cea1240eaa013073e380134848643f33c9f1c71d7c2cd4605e60db182"


def test_a_setting_outside_its_bounds_stops_the_check_instead_of_bending_it() -> None:
    assert RULES["MED-01"](report(1), {"max_age_days": 1}).outcome == "pass"
    for wrong in (0, 3651, True, "30"):
        with pytest.raises(ValueError, match="MED-01: max_age_days"):
            RULES["MED-01"](report(1), {"max_age_days": wrong})
