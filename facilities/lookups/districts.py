"""Finding a district (or a region) by its name in any of the portal's languages and either script."""

from django.db.models import Q

from facilities.models import AdminUnit
from facilities.textsearch import reading_key

MAX_LENGTH = 100


def search_districts(
    text: str, limit: int = 12, *, country: str = "", regions: bool = False
) -> list[AdminUnit]:
    """Districts whose own or whose region's name has a word that starts with each word of `text` (one query).

    Cities of a region's rank (Bishkek, Almaty) count as districts; with `regions`, all regions are found too.
    Those that match by their own name come first. `country` narrows to a country's code. The table has some
    500 rows, so they are matched here, where both scripts meet in one spelling.
    """
    words = reading_key(text[:MAX_LENGTH]).split()
    if not words:
        return []
    units = AdminUnit.objects.select_related("country", "parent").defer(
        "loaded_values", "parent__loaded_values", "country__loaded_values"
    )
    if country:
        units = units.filter(country_id=country)
    if not regions:
        units = units.filter(Q(level=AdminUnit.Level.DISTRICT) | Q(kind=AdminUnit.Kind.CITY))
    ranked = [
        (rank, unit.country_id, unit.code, unit) for unit in units if (rank := _rank(unit, words)) is not None
    ]
    return [unit for *_order, unit in sorted(ranked, key=lambda found: found[:3])[:limit]]


def _rank(unit: AdminUnit, words: list[str]) -> int | None:
    """0 for a match of the own name alone, 1 with the region's help, None for no match."""
    own = _keys(unit)
    if all(any(key.startswith(word) for key in own) for word in words):
        return 0
    wider = own | (_keys(unit.parent) if unit.parent else set())
    if any(any(key.startswith(word) for key in own) for word in words) and all(
        any(key.startswith(word) for key in wider) for word in words
    ):
        return 1
    return None


def _keys(unit: AdminUnit) -> set[str]:
    return {*reading_key(" ".join(unit.every_name)).split(), unit.code}


def district_by_value(value: str) -> AdminUnit | None:
    """The unit of a value such as `KZ-314800000` (`district_value`), None for anything else (one query)."""
    country, _sep, code = value.strip().partition("-")
    if len(country) != 2 or not code.isalnum() or len(code) > 20:
        return None
    return (
        AdminUnit.objects.select_related("country", "parent")
        .filter(country_id=country.upper(), code=code)
        .first()
    )


def district_value(unit: AdminUnit) -> str:
    """How a district is written in forms and addresses: country and code of its classifier."""
    return f"{unit.country_id}-{unit.code}"
