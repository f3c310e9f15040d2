"""An agreement's settings of the rules, held against what the rules declare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eligibility.declare import Rule
from eligibility.parameters import BLOCKING, BLOCKING_NAME, Parameter
from eligibility.registry import RULES
from eligibility.text import _


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an agreement's settings: a marked text and the values that it names."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values


def mistakes_in(settings: Any, rules: Mapping[str, Rule] = RULES) -> list[Mistake]:
    """Everything that is wrong with the settings (code → name → value); nothing where all of them may be stored."""
    if not isinstance(settings, dict):
        return [Mistake(_("Write an object: the code of each rule with its settings."))]
    return [error for code, given in settings.items() for error in _of_a_rule(code, given, rules)]


def parameters_of(rule: Rule) -> dict[str, Parameter]:
    """What may be set of a rule, by name: whether it blocks, then what is its own."""
    return {BLOCKING_NAME: BLOCKING, **rule.parameters}


def _of_a_rule(code: str, given: Any, rules: Mapping[str, Rule]) -> list[Mistake]:
    if code not in rules:
        text = _("There is no rule “%(code)s”. The rules are: %(known)s.")
        return [Mistake(text, {"code": code, "known": ", ".join(rules)})]
    if not isinstance(given, dict):
        text = _("%(code)s: write its settings as an object, for example {“blocking”: true}.")
        return [Mistake(text, {"code": code})]
    parameters = parameters_of(rules[code])
    found = []
    for name, value in given.items():
        parameter = parameters.get(name)
        if parameter is None:
            found.append(
                Mistake(_("%(code)s: there is no setting “%(name)s”."), {"code": code, "name": name})
            )
        elif not parameter.accepts(value):
            found.append(Mistake(parameter.mistake, {"code": code, "name": name, **parameter.bounds}))
    return found
