"""Finding a district (or a region) by its name in any of the portal's languages and either script."""

import re
from functools import lru_cache

from django.db.models import Q

from facilities.models import AdminUnit
from facilities.textsearch import reading_key, unfolded

MAX_LENGTH = 100
MIN_ALIKE = 3
"""Shorter words are abbreviations: “ш.” is a town."""
MIN_SKELETON = 4
"""Consonants from which the beginning of a name tells one from another."""
_ADJECTIVE = re.compile(r"(?<=..)(?:sk(?:iy|aya|oe|ogo|oy|om|iye)?|tumani?|shahri|shahar|audani|rayonu)$")
_SHORT = re.compile(r"\bр[-‐‑–/.]?о?н\b", re.IGNORECASE)
#: Reading keys, as `_SHORT` and reading make them, of what a unit is rather than of its name.
_KINDS = frozenset(
    (
        *("rayon", "raion", "rayony", "rayonu", "tuman", "tumani", "audan", "audany", "district"),
        *("gorod", "g", "kala", "kalasy", "shahar", "shahri", "shaar", "shaary", "sh", "city", "town"),
        *("oblast", "obl", "oblys", "oblysy", "oblusu", "viloyat", "viloyati", "region"),
    )
)
_VOWEL = re.compile(r"[aeiouy]")
_REPEATED = re.compile(r"(.)\1+")


def search_districts(
    text: str, limit: int = 12, *, country: str = "", regions: bool = False
) -> list[AdminUnit]:
    """Districts whose own or whose region's name has a word that starts with each word of `text` (one query).

    Cities of a region's rank (Bishkek, Almaty) count as districts; with `regions`, all regions are found too.
    Those that match by their own name come first, those by another spelling of it last (Кургантепинский for
    Коргонтепинский, Qoʻrgʻontepa). `country` narrows to a country's code. The table has some 500 rows, so they are
    matched here, where both scripts meet in one spelling.
    """
    words = reading_key(_SHORT.sub("район", text[:MAX_LENGTH])).split()
    if not words:
        return []
    units = AdminUnit.objects.select_related("country", "parent").defer(
        "loaded_values", "parent__loaded_values", "country__loaded_values"
    )
    if country:
        units = units.filter(country_id=country)
    if not regions:
        units = units.filter(Q(level=AdminUnit.Level.DISTRICT) | Q(kind=AdminUnit.Kind.CITY))
    every = list(units)
    # “район” in front of what another register calls a city: its kind is asked for last.
    for asked in (words, [word for word in words if word not in _KINDS]):
        ranked = [
            (rank, unit.country_id, unit.code, unit)
            for unit in every
            if asked and (rank := _rank(unit, asked)) is not None
        ]
        if ranked:
            return [unit for *_order, unit in sorted(ranked, key=lambda found: found[:3])[:limit]]
    return []


def _rank(unit: AdminUnit, words: list[str]) -> int | None:
    """0 for a match of the own name alone, 1 with the region's help, 2 and 3 alike in another spelling, else None."""
    own = _keys(unit)
    around = _keys(unit.parent) if unit.parent else set()
    for ranks, matches in (((0, 1), str.startswith), ((2, 3), _sounds_like)):
        if all(any(matches(key, word) for key in own) for word in words):
            return ranks[0]
        if any(any(matches(key, word) for key in own) for word in words) and all(
            any(matches(key, word) for key in own | around) for word in words
        ):
            return ranks[1]
    return None


def _keys(unit: AdminUnit) -> set[str]:
    return {*reading_key(" ".join(unit.every_name)).split(), unit.code}


def _sounds_like(key: str, word: str) -> bool:
    if min(len(key), len(word)) < MIN_ALIKE:
        return False
    own, typed = _skeleton(key), _skeleton(word)
    return own == typed or (len(typed) >= MIN_SKELETON and own.startswith(typed))


@lru_cache(maxsize=8192)
def _skeleton(key: str) -> str:
    """A name's consonants, and whether a vowel is before them, without an adjective's ending.

    Russian and Uzbek spellings of one place share them, and differ in vowels: a for o (Ташлакский, Toshloq), u for oʻ
    (Кургантепа, Qoʻrgʻontepa).
    """
    root = _ADJECTIVE.sub("", unfolded(key)).replace("dj", "j")
    return ("*" if _VOWEL.match(root) else "") + _REPEATED.sub(r"\1", _VOWEL.sub("", root)) or key


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
