"""How like one another two persons' names are, across scripts, orthographies and usual slips of the pen.

Our own measure: a Damerau-Levenshtein distance (optimal string alignment) over match keys in which the changes that
spelling customs make are cheap and those that make another name are dear. Uzbek о is written as а in Russian and ў
as у, so o/a and o/u are cheap; a/u is neither and stays dear, which tells Hasan from Husan. docs/names.md has the
rules by which the measure is tried and how often it is right.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from patients.names.keys import match_key
from patients.names.korean import one_family

SAME_NAME: Final = 0.8
"""From this likeness on two persons of one date of birth are worth a question."""

_VOWELS: Final = frozenset("aeiou")
_CHEAP: Final = {
    **dict.fromkeys(("ao", "ou"), 0.2),  # Тўлағонов, Тулаганов; Өмүр, Умур
    **dict.fromkeys(("ei",), 0.2),  # Эргаш, Ирғаш; Lee, Li
    **dict.fromkeys(("ae", "iu"), 0.3),  # Әсел, Есел; Түлеген, Тюлеген
    **dict.fromkeys(("cj", "jx", "cx", "jz"), 0.4),  # Cəfərov, Джафаров; Жанар, Zanar
    **dict.fromkeys(("gk", "hk", "gh", "bp", "fv", "bv", "sz", "cs", "fp", "dz"), 0.5),
    **dict.fromkeys(("dt",), 0.7),  # Ахмедов and Ахметов are two names
}
_COST: Final = {(way[0], way[1]): cost for pair, cost in _CHEAP.items() for way in (pair, pair[::-1])}
#: Endings that one person's documents have or lack: oʻgʻli, uly, kyzy, and the Russian ending of a family name.
_ENDINGS: Final = ("ogli", "ugli", "uli", "kizi", "ov", "ova", "ev", "eva")
_FOLDED: Final = (("ts", "c"),)
_ENDING_COST: Final = 0.12
_LESS_WORDS: Final = 0.95
_ONE_FAMILY: Final = 0.9
"""How like two spellings of one Korean family name are: Цой, Choi."""


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """0 to 1 for two persons' (family name, given name), each part in any script; 1 for the same key.

    Family and given name may have changed places. A part that one of the two lacks says nothing. Of two words the
    one that fits worse decides, since twins share the other and the date of birth.
    """
    first, second = _words(*one), _words(*other)
    if not first or not second:
        return 0.0
    if len(first) > len(second):
        first, second = second, first
    if len(first) == len(second) == 1:
        return word_likeness(first[0], second[0])
    if len(first) == 1:
        return _LESS_WORDS * max(word_likeness(first[0], word) for word in second)
    straight = min(word_likeness(a, b) for a, b in zip(first, second, strict=False))
    crossed = min(word_likeness(first[0], second[1]), word_likeness(first[1], second[0]))
    return max(straight, crossed)


def _words(*parts: str) -> list[str]:
    """The keys of the two names; a name of several words is joined: “Ким Чен” and “Кимчен” are one."""
    return [key for part in parts if (key := match_key(part).replace(" ", ""))]


@lru_cache(maxsize=8192)
def word_likeness(one: str, other: str) -> float:
    """0 to 1 for two keys of a word."""
    known_as_one = one_family(one, other)
    one, other = folded(one), folded(other)
    if one == other:
        return 1.0
    if known_as_one:
        return _ONE_FAMILY
    plain = 1 - _distance(one, other) / max(len(one), len(other), 4)
    roots = [bare(one), bare(other)]
    if roots == [one, other]:
        return plain
    without = 1 - _ENDING_COST - _distance(*roots) / max(*map(len, roots), 4)
    return max(plain, without)


def folded(key: str) -> str:
    """A word's key with the digraphs that two spellings write differently in one way."""
    for old, new in _FOLDED:
        key = key.replace(old, new)
    return key


def bare(key: str) -> str:
    """A word's key without the ending that one person's documents have or lack."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= 4:
            return key.removesuffix(ending)
    return key


def _distance(one: str, other: str) -> float:
    """The least total cost of the changes that lead from one to the other."""
    before: list[float] = []
    last = [0.0]
    for letter in other:
        last.append(last[-1] + _drop(letter))
    for i, a in enumerate(one, start=1):
        row = [last[0] + _drop(a)]
        for j, b in enumerate(other, start=1):
            best = min(last[j] + _drop(a), row[j - 1] + _drop(b), last[j - 1] + _swap(a, b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, before[j - 2] + 0.7)
            row.append(best)
        before, last = last, row
    return last[-1]


def _drop(letter: str) -> float:
    """A letter too many: й, h and r before a consonant come and go (Хасен, Асен; Park, Пак), others seldom."""
    return {"h": 0.6, "i": 0.5, "r": 0.7}.get(letter, 0.6 if letter in _VOWELS else 1.0)


def _swap(one: str, other: str) -> float:
    return 0.0 if one == other else _COST.get((one, other), 1.0)
