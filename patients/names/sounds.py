"""How a name sounds, roughly: the consonants of its key, by which a name is found whatever its vowels are written as.

Coarser than `alike`, and a text that can be looked up in an index: what is found by it is judged by `alike` then.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from patients.names.alike import bare, folded
from patients.names.keys import match_key, word_key
from patients.names.letters import DASHES

#: In front of a sound, so that it is no beginning of a word: it sorts behind every letter.
SOUND: Final = "~"
_VOWEL_FIRST: Final = "a"
_CLASS_OF: Final = str.maketrans(
    {
        **dict.fromkeys("aeiouy", ""),
        **dict.fromkeys("gkhq", "k"),
        **dict.fromkeys("bp", "p"),
        **dict.fromkeys("fvw", "f"),
        **dict.fromkeys("sz", "s"),
        **dict.fromkeys("cjx", "c"),
        **dict.fromkeys("dt", "t"),
    }
)
_CLASSES: Final = "acfklmnprst"


def sound_of(key: str) -> str:
    """The sound of a word's key: Тўлағонов and Тулаганов give one, with or without an ending."""
    root = bare(folded(key))
    sounds = root.translate(_CLASS_OF)
    single = "".join(sign for at, sign in enumerate(sounds) if sounds[at - 1 : at] != sign)
    return SOUND + (_VOWEL_FIRST if root[:1] in "aeiouy" else "") + single


@lru_cache(maxsize=1024)
def near_sounds(key: str) -> frozenset[str]:
    """The sound of a word's key, and all that one consonant more, less, another or in another place makes of it."""
    return frozenset({sound_of(key), *(SOUND + one for one in _changed(sound_of(key)[len(SOUND) :]))})


def _changed(sound: str) -> Iterator[str]:
    for at in range(len(sound) + 1):
        before, after = sound[:at], sound[at:]
        for sign in _CLASSES:
            yield before + sign + after
            if after:
                yield before + sign + after[1:]
        if len(sound) > 1 and after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def search_key(*parts: str) -> str:
    """The words by which a name is looked up, with a space between: keys, those of a double name's halves, sounds."""
    words = match_key(*parts).split()
    for part in parts:
        for word in part.split():
            halves = word.translate({ord(dash): " " for dash in DASHES}).split()
            words += [key for half in halves if len(halves) > 1 and (key := word_key(half))]
    keys = list(dict.fromkeys(words))
    return " ".join(dict.fromkeys([*keys, *(sound_of(key) for key in keys)]))
