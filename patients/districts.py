"""Choosing the district of residence by typing a part of its name, in either script and any language."""

from core.forms import Choice
from facilities.access import search_districts
from facilities.models import AdminUnit
from patients.access import districts

MOST_RESULTS = 12


def search(query: str) -> list[Choice]:
    """The districts whose name, or whose region's name, has every word of `query` in any language; the best first."""
    return [as_choice(unit) for unit in search_districts(query, MOST_RESULTS)]


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
