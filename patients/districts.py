"""Choosing the district of residence by typing a part of its name, in either script and any language."""

from collections.abc import Iterable

from core.forms import Choice
from facilities.models import AdminUnit
from patients.access import districts
from patients.names import match_key

MOST_RESULTS = 12


def search(query: str) -> list[Choice]:
    """The districts whose name, or whose region's name, has every word of `query`; the best first.

    All 471 rows are read: comparing folded names of every language needs no index at this size.
    """
    words = match_key(query).split()
    if not words:
        return []
    found = []
    for unit in districts():
        own, region = _keys(unit), _keys(unit.parent) if unit.parent else ""
        if all(word in own or word in region for word in words):
            # A district whose own name begins with the first word comes before one that is only in such a region.
            rank = 0 if f" {words[0]}" in own else 1 if words[0] in own else 2
            found.append((rank, unit.country_id, unit.name, unit.code, unit))
    return [as_choice(unit) for *_order, unit in sorted(found, key=lambda row: row[:4])[:MOST_RESULTS]]


def find(value: str) -> Choice | None:
    """The choice of a stored value such as "KZ:314800000"; None for anything else."""
    unit = find_unit(value)
    return as_choice(unit) if unit else None


def find_unit(value: str) -> AdminUnit | None:
    """The district of a value such as "KZ:314800000"."""
    country, colon, code = value.partition(":")
    if not colon:
        return None
    return districts().filter(country_id=country[:2], code=code[:20]).first()


def value_of(unit: AdminUnit | None) -> str:
    """The value that stands for a district in a form."""
    return f"{unit.country_id}:{unit.code}" if unit else ""


def as_choice(unit: AdminUnit) -> Choice:
    """A district as one result of the search: its country in front, its region in small print."""
    return Choice(
        value=value_of(unit),
        label=unit.name,
        code=unit.country_id,
        hint=unit.parent.name if unit.parent else "",
    )


def _keys(unit: AdminUnit) -> str:
    return "".join(f" {key}" for key in _distinct(match_key(name) for name in unit.every_name))


def _distinct(keys: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(key for key in keys if key))
