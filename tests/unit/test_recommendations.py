"""What the rules recommend together, which of them run, and the hash of what they were given."""

from dataclasses import replace

import pytest

from eligibility import run
from tests.unit.test_eligibility import ALL, GOOD, coverage, report, who


def test_together_they_recommend() -> None:
    assert run(GOOD, ALL).recommendation == "grant"
    assert run(coverage(source="stated"), ALL).recommendation == "review"
    assert run(report(90), ALL).recommendation == "refuse"
    assert run(report(90), {**ALL, "MED-01": {"blocking": False}}).recommendation == "review"
    # A blocking fail outweighs whatever else wants a person's look.
    assert run(replace(report(90), coverages=()), ALL).recommendation == "refuse"
    assert run(GOOD, {}).recommendation == "grant"


def test_only_the_agreements_rules_run_and_in_their_order() -> None:
    result = run(GOOD, {"DUP-01": {}, "IDN-01": {"blocking": False}})
    assert [(item.code, item.blocking) for item in result.outcomes] == [("IDN-01", False), ("DUP-01", True)]
    with pytest.raises(KeyError, match="XXX-01"):
        run(GOOD, {"XXX-01": {}})


def test_the_hash_is_that_of_the_inputs() -> None:
    same = run(replace(GOOD), dict(reversed(ALL.items())))
    assert same.inputs_hash == run(GOOD, ALL).inputs_hash
    assert run(who(citizenships=("KG",)), ALL).inputs_hash != same.inputs_hash
    assert run(GOOD, {**ALL, "MED-01": {"max_age_days": 60}}).inputs_hash != same.inputs_hash
    assert len(same.inputs_hash) == 64
