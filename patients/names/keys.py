"""A name read in Latin letters, and the folded form that its usual spellings share.

The match key is our own proposal, not a standard: it folds what clerks of the three countries spell
differently (Dzh/J/Zh, Kh/H/X, Q/K, Ye/E, Yu/Iu, Ya/Ia, Y/I, doubled letters, every kind of apostrophe). It is
lossy on purpose: it finds candidates for a person to judge and never proves that two persons are one.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from patients.names.clean import script_of
from patients.names.letters import DASHES, KEY_OF_CYRILLIC, KEY_OF_LATIN, LATIN_OF, LOOK_ALIKE, base_of

_LATIN_DIGRAPHS: Final = re.compile("shch|dzh|sh|zh|dj|ch|kh|gh|ph|x|q|w|ç|ş|š|č|ž|ğ|ı|ä|æ|ö|ø|ü|ñ|ŋ")


def to_latin(text: str) -> str:
    """The name in Latin letters, capitals kept: «Қордай» gives "Kordai". Latin text comes back unchanged."""
    result = []
    for index, letter in enumerate(text):
        latin = _latin_of(letter.lower()[:1])  # İ has two small letters, i and a dot
        if latin is None:
            result.append(letter)
        elif not letter.isupper():
            result.append(latin)
        else:
            neighbour = text[index + 1 : index + 2] or text[index - 1 : index] if index else text[1:2]
            result.append(latin.upper() if neighbour.isupper() else latin.capitalize())
    return "".join(result)


def _latin_of(letter: str) -> str | None:
    if letter in LATIN_OF:
        return LATIN_OF[letter]
    return base_of(letter) if script_of(letter) == "cyrillic" else None


def match_key(*parts: str) -> str:
    """The folded form of a name: lower-case a–z words with one space between, in the order given.

    Family name, given name and patronymic go in that order; empty parts are left out.
    """
    return " ".join(key for part in parts for word in part.split() if (key := word_key(word)))


def word_key(word: str) -> str:
    """The folded form of one word; empty when nothing of it is a letter."""
    word = unicodedata.normalize("NFC", word).lower()
    word = word.translate({ord(dash): None for dash in DASHES})
    key = _cyrillic_key(word) if any(script_of(letter) == "cyrillic" for letter in word) else _latin_key(word)
    return _fold(re.sub(r"[^a-z]", "", key))


def _cyrillic_key(word: str) -> str:
    # дж spells one sound, as the J of Kyrgyz and Uzbek names does.
    word = word.translate(LOOK_ALIKE).replace("дж", "ж")
    return "".join(_key_of(letter, KEY_OF_CYRILLIC) for letter in word)


def _key_of(letter: str, table: Mapping[str, str]) -> str:
    if letter.isascii() or not letter.isalpha() or script_of(letter) == "common":
        return letter
    return table[letter] if letter in table else base_of(letter)


def _latin_key(word: str) -> str:
    # Digraphs are read before the apostrophe goes: s and h are two letters in "Isʼhoq".
    word = _LATIN_DIGRAPHS.sub(lambda found: KEY_OF_LATIN[found.group()], word)
    return "".join(_key_of(letter, KEY_OF_LATIN) for letter in word)


def _fold(key: str) -> str:
    """What both scripts have in common, from key symbols to the final key."""
    key = re.sub("[sx]c", "x", key).replace("ng", "n")  # Щ, Shch, Schmidt and Шмидт
    key = re.sub("[iy]+e|[iy]+o", "e", key)  # Yerlan, Erlan; Фёдор, Fyodor, Fedor
    key = re.sub("[iy]+", "i", key)  # Mariya, Mariia, Maria; Sergey, Sergei
    return re.sub(r"(.)\1+", r"\1", key)  # Jeenbekov, Jenbekov
