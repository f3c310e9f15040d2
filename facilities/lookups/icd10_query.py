"""What somebody typed into a diagnosis search: a code, words, or a code on the wrong keyboard (pure)."""

import re
from dataclasses import dataclass

from facilities.textsearch import reading_key

MAX_LENGTH = 200
MAX_WORDS = 8
#: ICD-10-CM divides more finely: up to four digits, an x for none, a letter for the encounter.
_CODE = re.compile(r"[a-z]\d{2}(?:[.,]\d{0,4}x*[a-z]?|\d{0,4})")
_START_OF_A_CODE = re.compile(rf"[a-z]\d|{_CODE.pattern}")
#: Codes and words, without what stands around them in papers: brackets, ICD-10's dagger and asterisk, dashes.
_TOKEN = re.compile(r"[^\W_]+(?:[.,][^\W_]+)*")
# Letters that look alike, and letters that sit on the same key of a Russian or Kazakh keyboard. Both are only ever a
# question to the person: А15 may mean A15 (tuberculosis) or F15 (use of stimulants).
_LOOKS_LIKE = dict(zip("авсенкмортухіѕјһ", "abcehkmoptyxisjh", strict=True))
_SAME_KEY = dict(zip("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm", strict=True))
#: Letters and digits that are taken for each other inside a code: `I2O.0`, `Е1l.9`.
_TAKEN_FOR_DIGITS = str.maketrans("oоlіiз", "001113")


@dataclass(frozen=True, slots=True)
class Icd10Query:
    """A search as understood. `did_you_mean` is filled, and nothing searched, for a code with a wrong letter.

    `words` are there beside a `code` too: `B12` is no code of ICD-10, but a word of a title.
    """

    code: str = ""
    words: tuple[str, ...] = ()  # reading keys
    did_you_mean: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.code or self.words)


def understand(text: str) -> Icd10Query:
    """Read a search: `i34`, `I34.0`, `I340`, `I34,0`, `I 34.0`, `(C50.9)` and `C50.9 with its title` are codes.

    A word that would be a code if a letter weren't Cyrillic or a digit weren't a letter is never corrected silently:
    it comes back in `did_you_mean` with each code that may have been meant.
    """
    typed = " ".join(text[:MAX_LENGTH].split())
    words = dict.fromkeys(word.replace(".", "") for word in reading_key(typed).split())
    query = Icd10Query(words=tuple(word for word in words if word)[:MAX_WORDS])
    tokens = _TOKEN.findall(typed.lower())
    if not tokens:
        return query
    if len(tokens) > 1 and re.fullmatch(r"[^\W\d_]", tokens[0]) and tokens[1][0].isdigit():
        tokens[:2] = ["".join(tokens[:2])]  # “I 34.0”
    if candidates := _meant(tokens[0]):
        return Icd10Query(did_you_mean=candidates)
    if len(tokens) == 1 and _START_OF_A_CODE.fullmatch(tokens[0]):
        return Icd10Query(code=_with_dot(tokens[0]), words=query.words)
    code = next((token for token in tokens if _CODE.fullmatch(token)), "")
    return Icd10Query(code=_with_dot(code), words=query.words)


def _meant(token: str) -> tuple[str, ...]:
    """The codes that may have been meant by what is nearly one; none where it is a code already, or a word."""
    letter, rest = token[:1], token[1:]
    if _START_OF_A_CODE.fullmatch(token) or not any(char.isdigit() for char in rest):
        return ()
    digits = rest.translate(_TAKEN_FOR_DIGITS)
    letters = [letter] if letter.isascii() and letter.isalpha() else []
    letters += [table[letter] for table in (_LOOKS_LIKE, _SAME_KEY) if letter in table]
    whole = _CODE if digits != rest else _START_OF_A_CODE  # “B1o…” is sooner the start of a word
    return tuple(
        dict.fromkeys(
            _with_dot(latin + digits).upper() for latin in letters if whole.fullmatch(latin + digits)
        )
    )


def _with_dot(code: str) -> str:
    plain = code[:1] + re.sub(r"\D", "", code)
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 else plain


def parents_of(code: str) -> list[str]:
    """A code and what it is finer than, the finest first: C50.911, C50.91, C50.9, C50."""
    return [code[:end].rstrip(".") for end in range(len(code), 2, -1) if code[end - 1] != "."]


def stem(word: str) -> str:
    """The part of a reading key that other forms of the word share: a long word without its last letters."""
    return word[: len(word) - min(3, max(0, len(word) - 4))]


#: Reading keys of Cyrillic letters, and of the Latin ones that they look like: гепатит С, витамин В12.
_LONE_LETTERS = {"s": "c", "v": "b", "r": "p", "n": "h", "h": "x"}
_LONE = re.compile(r"[a-z]\d*")


def spellings(word: str) -> tuple[str, ...]:
    """The reading key, and for a lone letter, with or without a number, that of its Latin double."""
    if _LONE.fullmatch(word) and word[0] in _LONE_LETTERS:
        return word, _LONE_LETTERS[word[0]] + word[1:]
    return (word,)
