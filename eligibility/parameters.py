"""What an agreement may set of a rule: each parameter with its type, bounds, default and words.

A rule's parameters are the fields of a frozen dataclass, each declared by `whole_number` or `yes_or_no`; `declared`
reads them back. `blocking` is a parameter of every rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, get_type_hints

from eligibility.errors import IncompleteRule
from eligibility.text import Plural, _

_KEY = "parameter"


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from `least` to `most`. `words` is what it means under an agreement, with `%(count)s`."""

    default: int
    least: int
    most: int
    words: Plural

    python_type = int
    mistake = _("%(code)s: “%(name)s” is a whole number from %(least)s to %(most)s.")

    def accepts(self, value: object) -> bool:
        """Whether the value is one that an agreement may set."""
        return isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most

    @property
    def bounds(self) -> dict[str, int]:
        """What the sentence about a mistake names."""
        return {"least": self.least, "most": self.most}

    def sentence(self, value: object) -> Plural:
        """What this value means; the count stands in the sentence."""
        return self.words

    @property
    def is_worded(self) -> bool:
        """Whether every value has words that name it."""
        return bool(self.words.one) and "%(count)s" in self.words.many


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """True or false, each with the sentence of what it means under an agreement."""

    default: bool
    yes: str
    no: str

    python_type = bool
    mistake = _("%(code)s: “%(name)s” is either true or false.")

    def accepts(self, value: object) -> bool:
        """Whether the value is one that an agreement may set."""
        return isinstance(value, bool)

    @property
    def bounds(self) -> dict[str, int]:
        """What the sentence about a mistake names."""
        return {}

    def sentence(self, value: object) -> str:
        """What this value means."""
        return self.yes if value else self.no

    @property
    def is_worded(self) -> bool:
        """Whether every value has words."""
        return bool(self.yes and self.no)


Parameter = WholeNumber | YesOrNo

#: Set for every rule: whether its failure recommends refusing.
BLOCKING = YesOrNo(
    default=True,
    yes=_("Where it fails, the rules recommend refusing."),
    no=_("Where it fails, the officer weighs it."),
)
BLOCKING_NAME = "blocking"


def whole_number(default: int, *, least: int, most: int, words: Plural) -> Any:
    """A field of a rule's parameters: a whole number from `least` to `most`, both allowed."""
    return field(default=default, metadata={_KEY: WholeNumber(default, least, most, words)})


def yes_or_no(default: bool, *, yes: str, no: str) -> Any:
    """A field of a rule's parameters: true or false."""
    return field(default=default, metadata={_KEY: YesOrNo(default, yes, no)})


def declared(parameters: type) -> Mapping[str, Parameter]:
    """The parameters of a rule by name. Raises IncompleteRule for one without type, bounds, default or words."""
    if not is_dataclass(parameters):
        raise IncompleteRule(f"{parameters.__qualname__} is no dataclass of parameters")
    types = get_type_hints(parameters)
    found: dict[str, Parameter] = {}
    for item in fields(parameters):
        parameter = item.metadata.get(_KEY)
        if parameter is None:
            raise IncompleteRule(
                f"the parameter {item.name} is declared by neither whole_number nor yes_or_no"
            )
        if types[item.name] is not parameter.python_type:
            raise IncompleteRule(
                f"the parameter {item.name} is annotated as another type than it is declared"
            )
        if not parameter.accepts(parameter.default):
            raise IncompleteRule(f"the default of the parameter {item.name} is outside its bounds")
        if not parameter.is_worded:
            raise IncompleteRule(f"the parameter {item.name} has no words")
        found[item.name] = parameter
    untyped = [name for name in vars(parameters) if not name.startswith("_") and name not in found]
    if untyped:
        raise IncompleteRule(f"the parameter {untyped[0]} has no type")
    if BLOCKING_NAME in found:
        raise IncompleteRule(f"every rule has the parameter {BLOCKING_NAME} already")
    return MappingProxyType(found)
