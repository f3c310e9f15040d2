"""All rules, found in their folder: a file there is a rule, and nothing else lists it."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType

from eligibility import rules
from eligibility.declare import Rule
from eligibility.errors import IncompleteRule
from eligibility.evidence import Evidence


def find(package: ModuleType) -> Mapping[str, Rule]:
    """The rules of a package by code, in the order of their positions. Raises IncompleteRule where one lacks a part."""
    found = [
        _only_rule_of(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    ]
    found.sort(key=lambda item: (item.position, item.code))
    owners: dict[object, str] = {}
    for item in found:
        for part in (item.code, item.position, *item.findings):
            if part in owners:
                raise IncompleteRule(f"{item.code} and {owners[part]} both claim {part}")
            owners[part] = item.code
    return MappingProxyType({item.code: item for item in found})


def _only_rule_of(name: str) -> Rule:
    module = import_module(name)
    own = [item for item in vars(module).values() if isinstance(item, Rule)]
    if len(own) != 1:
        raise IncompleteRule(f"{name} declares {len(own)} rules; a file in this folder declares exactly one")
    return own[0]


def kinds_of_evidence(found: Mapping[str, Rule]) -> Mapping[str, Evidence]:
    """The one table of the kinds that these rules' findings rest on, by code."""
    kinds: dict[str, Evidence] = {}
    for item in found.values():
        for finding in item.findings.values():
            for kind in finding.evidence:
                if kinds.setdefault(kind.code, kind) != kind:
                    raise IncompleteRule(
                        f"{item.code}: the kind of evidence {kind.code} has other words elsewhere"
                    )
    return MappingProxyType(kinds)


#: In the order in which they are shown.
RULES = find(rules)
EVIDENCE = kinds_of_evidence(RULES)
