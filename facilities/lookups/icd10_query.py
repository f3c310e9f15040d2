"""What somebody typed into a diagnosis search: a code, words, or a code on the wrong keyboard (pure)."""

import re
from dataclasses import dataclass

from facilities.textsearch import reading_key

MAX_LENGTH = 100
MAX_WORDS = 8
_CODE = re.compile(r"^[a-z]\d{1,2}(?:[.,]?\d{0,3})?$")
# Letters that look alike, and letters that sit on the same key of a Russian keyboard. Both are only ever a
# question to the person: А15 may mean A15 (tuberculosis) or F15 (use of stimulants).
_LOOKS_LIKE = dict(zip("авсенкмортух", "abcehkmoptyx", strict=True))
_SAME_KEY = dict(zip("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm", strict=True))


@dataclass(frozen=True, slots=True)
class Icd10Query:
    """A search as understood. `did_you_mean` is filled, and nothing searched, for a code with a Cyrillic letter."""

    code: str = ""
    words: tuple[str, ...] = ()  # reading keys
    did_you_mean: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.code or self.words)


def understand(text: str) -> Icd10Query:
    """Read a search: `i34`, `I34.0`, `I340`, `I34,0` are codes; everything else is words.

    A word that would be a code if its first letter weren't Cyrillic is never corrected silently: it comes back
    in `did_you_mean` with each Latin letter that may have been meant.
    """
    typed = text[:MAX_LENGTH].strip()
    first = typed.split(" ", 1)[0] if typed else ""
    if candidates := _latin_codes(first):
        return Icd10Query(did_you_mean=candidates)
    if " " not in typed and _CODE.match(typed.lower()):
        return Icd10Query(code=_with_dot(typed.lower()))
    words = dict.fromkeys(word.replace(".", "") for word in reading_key(typed).split())
    return Icd10Query(words=tuple(word for word in words if word)[:MAX_WORDS])


def _latin_codes(word: str) -> tuple[str, ...]:
    letter, rest = word[:1].lower(), word[1:].lower()
    meant = [table[letter] for table in (_LOOKS_LIKE, _SAME_KEY) if letter in table]
    return tuple(
        dict.fromkeys(_with_dot(latin + rest).upper() for latin in meant if _CODE.match(latin + rest))
    )


def _with_dot(code: str) -> str:
    plain = code.replace(",", "").replace(".", "")
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain


# What people say and ICD-10 does not: the reading key of the word, and of what the titles have for it.
SYNONYMS = {
    "rak": "zlokachestvenn",
    "cancer": "malignan",
    "tumour": "neoplasm",
    "tumor": "neoplasm",
    "opuhol": "novoobrazovan",
}


def stem(word: str) -> str:
    """The part of a reading key that other forms of the word share: a long word without its last letters."""
    if len(word) < 5:
        return word
    return word[: -2 if len(word) < 7 else -3]
