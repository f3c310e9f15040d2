"""When the rules will say something else by the calendar alone: a coverage ends, a consent begins, a report ages."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from eligibility.declare import Rule
from eligibility.engine import run
from eligibility.facts import Facts
from eligibility.registry import RULES

_DAY = timedelta(days=1)


def next_turn(
    facts: Facts, rule_settings: Mapping[str, Mapping[str, Any]], rules: Mapping[str, Rule] = RULES
) -> date | None:
    """The first day after `facts.today` on which the rules find something else though no fact changes.

    None where no day will. A day counts where the directing country is, as `today` does.
    """
    today = _sayings(facts, rule_settings, rules)
    for day in sorted(_turning_days(facts, rule_settings, rules)):
        if _sayings(replace(facts, today=day), rule_settings, rules) != today:
            return day
    return None


def _sayings(
    facts: Facts, rule_settings: Mapping[str, Mapping[str, Any]], rules: Mapping[str, Rule]
) -> list[Any]:
    outcomes = run(facts, rule_settings, rules).outcomes
    return [rules[item.code].says(item.result) for item in outcomes]


def _turning_days(
    facts: Facts, rule_settings: Mapping[str, Mapping[str, Any]], rules: Mapping[str, Rule]
) -> set[date]:
    """Every later day that a fact names, since something may begin on it; the one after, since something may end."""
    found: set[date] = set()
    for day in _days_in(facts):
        found.add(day)
        if day < date.max:
            found.add(day + _DAY)
    for code, settings in rule_settings.items():
        found.update(rules[code].turning_days(facts, settings))
    return {day for day in found if day > facts.today}


def _days_in(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _days_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _days_in(item)
