"""Folding of texts for search: case, ё, apostrophes, quotation marks, and both scripts (pure)."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from core.apostrophes import APOSTROPHES

_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES), None)
_WORD = re.compile(r"[^\W_](?:[\w.]*[^\W_])?")

# A reading key, not a standard of transliteration: letters that people spell in several ways in Latin
# (х as h, kh or x; ж as j or zh) must meet in one form, so the Latin side is folded in the same way.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "і": "i", "ў": "o", "ҳ": "h", "ӣ": "i", "ӯ": "u", "ҷ": "j", "җ": "j", "ҹ": "j", "ҙ": "z", "ҡ": "k", "ҫ": "s",
    "ѳ": "o", "є": "e", "ї": "i", "ґ": "g", "ӊ": "n", "ӈ": "n", "ҕ": "g", "ӄ": "k", "ӽ": "h", "ӳ": "u", "ӌ": "j",
}  # fmt: skip
_TO_LATIN = str.maketrans(_CYRILLIC)
_LATIN_PAIRS = (("ts", "c"), ("kh", "h"), ("zh", "j"), ("gh", "g"), ("x", "h"), ("q", "k"), ("sch", "sh"))


def fold(text: str) -> str:
    """Lower case, ё as е, no apostrophes, no marks over Latin letters, single spaces between words."""
    lowered = text.casefold().replace("ё", "е").translate(_APOSTROPHES)
    return " ".join(word.strip(".") for word in _WORD.findall(lowered) if word.strip("."))


@lru_cache(maxsize=16384)
def reading_key(text: str) -> str:
    """`fold`, in one Latin spelling for both scripts: Бишкек and Bishkek give the same key."""
    latin = fold(text).translate(_TO_LATIN)
    decomposed = unicodedata.normalize("NFD", latin)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    for pair, letter in _LATIN_PAIRS:
        plain = plain.replace(pair, letter)
    return plain


_ENDING = r"k(?:iy|aya|oe|ogo|oy|om|iye|uyu|ih|im|omu)?$"
_ADJECTIVE = re.compile(rf"s{_ENDING}")
_FOLDED_ADJECTIVE = re.compile(rf"(?<=..)c(?={_ENDING})")
_SHORTEST_STEM = 4


def unfolded(word: str) -> str:
    """A reading key whose letters т and с before an adjective's к were taken for one: Ташкентский."""
    return _FOLDED_ADJECTIVE.sub("ts", word)


def beginnings(word: str) -> list[str]:
    """The ways in which a word of a search, a reading key, may begin in a text: a Russian adjective in each gender, and
    the place that it is made of."""
    whole = unfolded(word)
    stem = _ADJECTIVE.sub("", whole)
    if stem == whole:
        return [word]
    found = [f"{stem[:-1]}ck" if stem.endswith("t") else f"{stem}sk"]
    return [*found, *([stem] if len(stem) >= _SHORTEST_STEM else [])]


def icd10_search_text(titles: Mapping[str, str]) -> str:
    """The text in which a diagnosis is searched: reading keys of its titles, a space around every word.

    Latin letters only, because in a database with the C locale trigrams of Cyrillic words don't exist.
    """
    return f" {' '.join(reading_key(title) for title in titles.values())} "
