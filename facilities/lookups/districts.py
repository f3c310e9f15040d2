"""Finding a district (or a region) by its name in any of the portal's languages and either script."""

import re
from dataclasses import dataclass
from functools import lru_cache

from facilities.models import AdminUnit
from facilities.textsearch import reading_key

MAX_LENGTH = 100
MIN_ALIKE = 3
"""Shorter words are abbreviations: “ш.” is a town."""
MIN_SKELETON = 4
"""Consonants from which the beginning of a name tells one from another."""
_ADJECTIVE = re.compile(r"(?<=..)(?:sk(?:iy|aya|oe|ogo|oy|om|iye)?|tumani?|shahri|shahar|audani|rayonu)$")
_VOWEL = re.compile(r"[aeiouy]")
_REPEATED = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class _Named:
    """What a place is found by: the words of its names, and what those sound like."""

    keys: frozenset[str] = frozenset()
    skeletons: frozenset[str] = frozenset()

    @classmethod
    @lru_cache(maxsize=1024)  # each of some 500 places is asked about in every search
    def of(cls, names: str, code: str) -> "_Named":
        keys = frozenset({*reading_key(names).split(), code})
        return cls(keys, frozenset(_skeleton(key) for key in keys if len(key) >= MIN_ALIKE))

    def begins(self, word: str) -> bool:
        return any(key.startswith(word) for key in self.keys)

    def sounds(self, word: str) -> bool:
        if len(word) < MIN_ALIKE:
            return False
        typed = _skeleton(word)
        return typed in self.skeletons or (
            len(typed) >= MIN_SKELETON and any(own.startswith(typed) for own in self.skeletons)
        )


def search_districts(
    text: str, limit: int = 12, *, country: str = "", regions: bool = False
) -> list[AdminUnit]:
    """Districts whose own or whose region's name has a word that starts with each word of `text` (two queries).

    Cities of a region's rank (Bishkek, Almaty) count as districts; with `regions`, all regions are found too.
    Those that match by their own name come first, those by another spelling of it last (Кургантепинский for
    Коргонтепинский, Qoʻrgʻontepa). `country` narrows to a country's code. The table has some 500 rows, so their names
    are matched here, where both scripts meet in one spelling.
    """
    words = reading_key(text[:MAX_LENGTH]).split()
    if not words:
        return []
    rows = AdminUnit.objects.values_list(
        "pk", "parent_id", "country_id", "code", "level", "kind", "names", "name_latin"
    )
    if country:
        rows = rows.filter(country_id=country)
    named = {
        pk: _Named.of(" ".join((*names.values(), latin)), code) for pk, *_, code, _l, _k, names, latin in rows
    }
    ranked = [
        (rank, country_id, code, pk)
        for pk, parent, country_id, code, level, kind, *_ in rows
        if regions or level == AdminUnit.Level.DISTRICT or kind == AdminUnit.Kind.CITY
        if (rank := _rank(named[pk], named.get(parent, _NOBODY), words)) is not None
    ]
    chosen = [pk for *_order, pk in sorted(ranked)[:limit]]
    units = AdminUnit.objects.select_related("country", "parent").defer(
        "loaded_values", "parent__loaded_values", "country__loaded_values"
    )
    found = units.in_bulk(chosen)
    return [found[pk] for pk in chosen if pk in found]


_NOBODY = _Named()


def _rank(own: _Named, region: _Named, words: list[str]) -> int | None:
    """0 for a match of the own name alone, 1 with the region's help, 2 and 3 alike in another spelling, else None."""
    for ranks, matches in (((0, 1), _Named.begins), ((2, 3), _Named.sounds)):
        met = [matches(own, word) for word in words]
        if all(met):
            return ranks[0]
        if any(met) and all(it or matches(region, word) for it, word in zip(met, words, strict=True)):
            return ranks[1]
    return None


@lru_cache(maxsize=8192)
def _skeleton(key: str) -> str:
    """A name's consonants, and whether a vowel is before them, without an adjective's ending.

    Russian and Uzbek spellings of one place share them, and differ in vowels: a for o (Ташлакский, Toshloq), u for oʻ
    (Кургантепа, Qoʻrgʻontepa).
    """
    root = _ADJECTIVE.sub("", key).replace("dj", "j")
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
