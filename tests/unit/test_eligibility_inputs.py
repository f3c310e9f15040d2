"""What a check is run on: the hash that stands beside it, and settings that no rule would take."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import RULES, CircumstancesFact, ConsentFact, CoverageFact, Facts, ReportFact, next_turn, run
from tests.unit.test_eligibility import (
    ALL,
    EXPIRED,
    GOOD,
    TODAY,
    coverage,
    in_days,
    law,
    report,
    represented,
    where,
    who,
)


def test_a_known_case_keeps_its_hash() -> None:  # it stands beside every check in the database
    assert run(GOOD, ALL).inputs_hash == "247a1c0185ba85b1f480eda2e2e7ac122e87b5f63cf0da7b5c214fb3b4631d84"


def test_a_setting_outside_its_bounds_stops_the_check_instead_of_bending_it() -> None:
    assert RULES["MED-01"](report(1), {"max_age_days": 1}).outcome == "pass"
    for wrong in (0, 3651, True, "30"):
        with pytest.raises(ValueError, match="MED-01: max_age_days"):
            RULES["MED-01"](report(1), {"max_age_days": wrong})


ANY_FACTS = st.builds(
    replace,
    st.just(GOOD),
    priority=st.sampled_from(["routine", "urgent", "asap", "stat"]),
    triage_note_given=st.booleans(),
    emergency_ground_given=st.booleans(),
    goal_given=st.booleans(),
    needed_by=st.none() | st.dates(),
    report=st.none() | st.builds(ReportFact, st.dates(), st.text(max_size=5)),
    coverages=st.lists(
        st.builds(
            CoverageFact,
            st.sampled_from(["state", "insurance", "private", "self"]),
            st.dates(),
            st.none() | st.dates(),
            st.sampled_from(["register", "document", "stated"]),
            st.sampled_from(["KZ", "KG", ""]),
        ),
        max_size=3,
    ).map(tuple),
    consents=st.lists(
        st.builds(
            ConsentFact,
            st.sampled_from(["treatment", "research"]),
            st.sampled_from(["KG", "UZ"]),
            st.dates(),
            st.dates(),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
)


@given(facts=ANY_FACTS)
def test_missing_evidence_is_never_a_pass(facts: Facts) -> None:
    outcomes = {item.code: item.result.outcome for item in run(facts, ALL).outcomes}
    assert set(outcomes.values()) <= {"pass", "fail", "needs_review", "not_applicable"}
    if facts.report is None:
        assert outcomes["MED-01"] != "pass"
    if not facts.coverages:
        assert outcomes["COV-01"] == "needs_review"
    if not facts.consents:
        assert outcomes["CON-01"] != "pass"
    if facts.priority != "stat":
        assert outcomes["EMG-01"] == "not_applicable"


@given(facts=ANY_FACTS)
def test_the_same_facts_give_the_same_answer(facts: Facts) -> None:
    assert run(facts, ALL) == run(replace(facts), ALL)


@given(facts=ANY_FACTS, codes=st.permutations(list(RULES)))
def test_the_order_of_the_settings_changes_nothing(facts: Facts, codes: list[str]) -> None:
    settings = {code: {"blocking": True, "max_age_days": 20} if code == "MED-01" else {} for code in RULES}
    shuffled = {code: dict(reversed(settings[code].items())) for code in codes}
    assert run(facts, shuffled) == run(facts, settings)


@given(facts=ANY_FACTS, data=st.data())
def test_the_order_of_what_was_recorded_decides_nothing(facts: Facts, data: st.DataObject) -> None:
    shuffled = replace(
        facts,
        coverages=tuple(data.draw(st.permutations(facts.coverages))),
        consents=tuple(data.draw(st.permutations(facts.consents))),
    )
    assert run(shuffled, ALL).outcomes == run(facts, ALL).outcomes


TURNS: list[tuple[Facts, int | None]] = [
    (GOOD, 26),  # the report will be too old
    (report(0), 31),
    (coverage(end=3), 4),
    (coverage(start=2), 2),
    (where(licence_until=in_days(0)), 1),
    (where(licence_from=in_days(9)), 9),
    (replace(GOOD, consents=(replace(GOOD.consents[0], valid_to=in_days(1)),), needed_by=None), 2),
    (represented(of_age=7), 7),
    (who(identifiers=(replace(EXPIRED, expires_on=in_days(5)),)), 6),
    (law(("test", None, 12)), 13),
    (law(("new", 8, None), ("test", None, None)), 8),
    (
        replace(
            coverage(start=-50, end=-40), report=None, consents=(), host=replace(GOOD.host, active=False)
        ),
        None,
    ),
]


@pytest.mark.parametrize(("facts", "days"), TURNS)
def test_the_day_on_which_the_rules_will_say_something_else_is_known_ahead(
    facts: Facts, days: int | None
) -> None:
    turn = next_turn(facts, ALL)
    assert turn == (None if days is None else in_days(days))
    # Walked day by day, nothing else happens before: what goes on with the day is nothing new.
    for ahead in range(1, days or 40):
        later = run(replace(facts, today=TODAY + timedelta(days=ahead)), ALL).outcomes
        then = [RULES[item.code].says(item.result) for item in run(facts, ALL).outcomes]
        assert [RULES[item.code].says(item.result) for item in later] == then, ahead


def test_a_fact_that_never_ends_has_no_day_after_it() -> None:
    assert next_turn(where(licence_until=date.max), ALL) == in_days(26)


@given(facts=ANY_FACTS, seed=st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_order_never_matters_and_the_same_facts_have_the_same_hash(facts: Facts, seed: Any) -> None:
    """Neither the order of the facts in their lists nor that of the agreement's rules changes what is found."""
    mixed = replace(facts, **{name: _shuffled(getattr(facts, name), seed) for name in LISTS})
    rules = dict(_shuffled(tuple(ALL.items()), seed))
    found = {item.code: item.result.outcome for item in run(facts, ALL).outcomes}
    assert {item.code: item.result.outcome for item in run(mixed, rules).outcomes} == found
    assert run(replace(facts), rules).inputs_hash == run(facts, ALL).inputs_hash


LISTS = ("coverages", "consents", "documents", "policies", "listed", "alerts")


def _shuffled(those: tuple[Any, ...], seed: Any) -> tuple[Any, ...]:
    rows = list(those)
    seed.shuffle(rows)
    return tuple(rows)


#: What somebody may still have to find out, each with what stands there while nobody did.
UNKNOWN: dict[str, Any] = {
    "coverages": (),
    "documents": (),
    "report": None,
    "consilium": None,
    "estimate": "",
    "circumstances": CircumstancesFact(),
}


@given(missing=st.sets(st.sampled_from(sorted(UNKNOWN))), more=st.sampled_from(sorted(UNKNOWN)))
@settings(max_examples=25)
def test_more_evidence_never_turns_a_pass_into_a_failure(missing: set[str], more: str) -> None:
    less = replace(GOOD, **{name: UNKNOWN[name] for name in {*missing, more}})
    fuller = replace(less, **{more: getattr(GOOD, more)})
    before = {item.code: item.result for item in run(less, ALL).outcomes}
    for item in run(fuller, ALL).outcomes:
        assert not (before[item.code].outcome == "pass" and item.result.outcome != "pass"), item
