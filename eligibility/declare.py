"""How a rule is declared: its code and place, title, legal basis, and everything that it may find, with the words.

A rule's file holds findings, parameters if an agreement may set any, and one function under `@rule(…)`. What a rule
may say is what its file declares as a `Finding`, so an outcome without words can't exist.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from inspect import signature
from types import MappingProxyType
from typing import Any, get_type_hints

from eligibility.errors import IncompleteRule
from eligibility.evidence import Evidence
from eligibility.facts import Facts
from eligibility.parameters import Parameter, declared

PASS, FAIL, NEEDS_REVIEW, NOT_APPLICABLE = "pass", "fail", "needs_review", "not_applicable"
OUTCOMES = (PASS, FAIL, NEEDS_REVIEW, NOT_APPLICABLE)
#: What somebody has to see to, so that a remedy is owed.
UNSETTLED = (FAIL, NEEDS_REVIEW)

_CODE = re.compile(r"[A-Z]{3}-\d{2}")
_NAMED = re.compile(r"%\((\w+)\)s")

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A rule's outcome with a message key, its parameters, and the kinds of evidence that it rests on."""

    outcome: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


class MendedIn(StrEnum):
    """By which control what a rule found is put right; by the directing clinician, unless `OFFICER` says otherwise."""

    PERSON = "person"
    NUMBERS = "numbers"
    COVERAGE = "coverage"
    CONSENT = "consent"
    REPORT = "report"
    HOST_FACILITY = "host_facility"
    HOSTS_WORD = "hosts_word"
    OFFICER = "officer"
    WITHDRAWAL = "withdrawal"
    REFERRAL = "referral"
    AT_HOME = "at_home"
    RISK = "risk"
    TRANSLATIONS = "translations"
    MEANS = "means"
    CONSILIUM = "consilium"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a rule can end: its key in the database, its outcome, and the words for it.

    A rule ends with a call of it, which takes the values that the sentence names: `TOO_OLD(age=40, limit=30)`.
    `mended_in` is the control of its remedy where that isn't the rule's own. `moving` are values that go on with
    the day, such as an age: that they differ tomorrow is nothing new.
    """

    key: str
    outcome: str
    sentence: str
    remedy: str = ""
    evidence: tuple[Evidence, ...] = ()
    mended_in: MendedIn | None = None
    moving: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.key or not self.sentence:
            raise IncompleteRule(f"the finding {(self.key or self.sentence)!r} needs a key and a sentence")
        if self.outcome not in OUTCOMES:
            raise IncompleteRule(f"{self.key}: there is no outcome {self.outcome!r}")
        if self.outcome in UNSETTLED and not self.remedy:
            raise IncompleteRule(f"{self.key}: what fails or is to be reviewed needs a remedy")

    def __call__(self, **values: Any) -> Result:
        """The result, with the values that its sentence names. Raises TypeError when one is missing."""
        missing = set(_NAMED.findall(self.sentence)) - set(values)
        if missing:
            raise TypeError(f"{self.key}: the sentence names {', '.join(sorted(missing))}")
        return Result(self.outcome, self.key, values, tuple(kind.code for kind in self.evidence))


@dataclass(frozen=True)
class Rule:
    """A declared rule. `position` orders the rules; `parameters` has what an agreement may set beside `blocking`.

    `turns` gives days on which it may find something else although no fact names them. `kind` is the kind of a
    patient's data of which its findings speak, for readers who may not see every kind.
    """

    code: str
    position: int
    title: str
    basis: str
    mended_in: MendedIn
    function: Callable[..., Result]
    form: type | None
    parameters: Mapping[str, Parameter]
    turns: Callable[..., Iterable[date]] | None = None
    kind: str = "care"

    def __call__(self, facts: Facts, settings: Settings) -> Result:
        """The outcome for these facts under an agreement's settings of this rule."""
        result = self.function(facts) if self.form is None else self.function(facts, self._read(settings))
        if result.message not in self.findings:
            raise IncompleteRule(f"{self.code} found {result.message}, which its file doesn't declare")
        return result

    def turning_days(self, facts: Facts, settings: Settings) -> Iterable[date]:
        """The days that `turns` gives for these facts under an agreement's settings."""
        if self.turns is None:
            return ()
        return self.turns(facts) if self.form is None else self.turns(facts, self._read(settings))

    def says(self, result: Result) -> tuple[str, dict[str, Any]]:
        """What a result of this rule says, without what goes on with the day."""
        return result.message, self.lasting(result.message, result.params)

    def lasting(self, message: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a finding that don't go on with the day."""
        moving = self.findings[message].moving if message in self.findings else ()
        return {name: value for name, value in params.items() if name not in moving}

    def _read(self, settings: Settings) -> Any:
        given = {name: settings[name] for name in self.parameters if name in settings}
        for name, value in given.items():
            if not self.parameters[name].accepts(value):
                raise ValueError(f"{self.code}: {name} can't be {value!r}")
        assert self.form is not None
        return self.form(**given)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Everything that its file declares as a finding, by key."""
        found: dict[str, Finding] = {}
        for item in self.function.__globals__.values():
            if isinstance(item, Finding) and found.setdefault(item.key, item) is not item:
                raise IncompleteRule(f"{self.code} declares the finding {item.key} twice")
        if not found:
            raise IncompleteRule(f"{self.code} declares no finding")
        return MappingProxyType(found)


def rule(
    code: str,
    *,
    position: int,
    title: str,
    basis: str,
    mended_in: MendedIn = MendedIn.REFERRAL,
    turns: Callable[..., Iterable[date]] | None = None,
    kind: str = "care",
) -> Callable[[Callable[..., Result]], Rule]:
    """Make a function of `(facts)` or `(facts, parameters)` a rule. Raises IncompleteRule where a part is missing."""
    if not _CODE.fullmatch(code):
        raise IncompleteRule(f"{code!r} is no code of a rule: three capital letters, a hyphen, two digits")
    for name, part in (("title", title), ("basis", basis)):
        if not part:
            raise IncompleteRule(f"{code} has no {name}")

    def register(function: Callable[..., Result]) -> Rule:
        form = _form_of(code, function)
        try:
            parameters = declared(form) if form else MappingProxyType({})
        except IncompleteRule as error:
            raise IncompleteRule(f"{code}: {error}") from error
        return Rule(code, position, title, basis, mended_in, function, form, parameters, turns, kind)

    return register


def _form_of(code: str, function: Callable[..., Result]) -> type | None:
    names = list(signature(function).parameters)
    if names not in (["facts"], ["facts", "parameters"]):
        raise IncompleteRule(f"{code}: a rule takes (facts) or (facts, parameters)")
    if len(names) == 1:
        return None
    form = get_type_hints(function).get("parameters")
    if not isinstance(form, type):
        raise IncompleteRule(f"{code}: its parameters have no type")
    return form
