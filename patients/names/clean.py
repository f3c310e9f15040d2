"""Cleaning one part of a name, and what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from core.placeholders import stands_for_none
from patients.names.letters import (
    APOSTROPHE,
    APOSTROPHES,
    DASHES,
    LATIN_LOOK_ALIKES,
    LOOK_ALIKE,
    TURNED_COMMA,
    UPON_A_LETTER,
)

MAX_NAME_LENGTH: Final = 100
"""Longest stored part of a name, in characters."""

_SPACES: Final = re.compile(r"\s+")
#: The dash of a double name, however wide: “Петрова – Водкина”. One at an end stands for a name that isn't there.
_BETWEEN: Final = re.compile(r"(?<=[^\W\d_])\s*-+\s*(?=[^\W\d_])")
#: Quotation marks are apostrophes within a word alone.
_APOSTROPHES: Final = re.compile(f'[{APOSTROPHES}{UPON_A_LETTER}]+|(?<=[^\\W\\d_])["“”″](?=[^\\W\\d_])')
#: Names that are words for “no” too, by the part of a name that they can be. Nobody writes their name small.
_NAMES: Final = {
    "family_name": frozenset(("no", "na", "nan", "nil", "blank")),
    "given_name": frozenset(("na", "nan", "nil")),
}


@dataclass(frozen=True)
class NameCheck:
    """The outcome of `check_name`.

    `value` is the text to store; `errors` holds codes: hidden_character, too_long, mixed_scripts,
    unknown_script, stands_for_none, not_a_name. `word` is the word that is wrong with mixed scripts, else empty.
    """

    value: str
    errors: tuple[str, ...] = ()
    word: str = ""


def script_of(letter: str) -> str:
    """ "latin", "cyrillic", "common" (apostrophe letters) or "other", for one character."""
    if letter in APOSTROPHES:
        return "common"
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN "):
        return "latin"
    return "cyrillic" if name.startswith("CYRILLIC ") else "other"


def has_hidden_character(text: str) -> bool:
    """True with zero-width, bidirectional, control, private or unassigned characters in `text`."""
    return any(
        unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cs", "Cn"} and letter not in "\t\n\r"
        for letter in text
    )


def check_name(text: str, part: str = "family_name") -> NameCheck:
    """Clean one part of a name (or several words) and say what is wrong with it. `part`: the field's name.

    Cleaned: NFC, without marks of stress and other marks that no letter has of its own ("Ива́нов"), single spaces, one
    kind of hyphen with nothing around it, Uzbek oʻ gʻ and ʼ, and in an otherwise Cyrillic word the letters that are
    typed for another: Latin i as older Kazakh texts have it ("Серiк"), Latin ə and h, ѳ for ө, ѐ for a stressed е.
    Any other mixture of scripts inside a word is refused: such a name would never be found again.
    """
    if len(text) > MAX_NAME_LENGTH * 4:  # refuse before any work on it
        return NameCheck("", ("too_long",))
    if has_hidden_character(text):
        return NameCheck("", ("hidden_character",))
    value = _clean(text)
    if len(value) > MAX_NAME_LENGTH:
        return NameCheck("", ("too_long",))
    for word in re.split(r"[ -]", value):
        scripts = {script_of(letter) for letter in word if letter.isalpha()}
        if "other" in scripts:
            return NameCheck(value, ("unknown_script",), word)
        if {"latin", "cyrillic"} <= scripts:
            return NameCheck(value, ("mixed_scripts",), word)
    if value and _says_none(value, part):
        return NameCheck(value, ("stands_for_none",))
    if value and not _is_name(value):
        return NameCheck(value, ("not_a_name",))
    return NameCheck(value)


def _clean(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).translate({ord(dash): "-" for dash in DASHES})
    composed = _APOSTROPHES.sub("'", composed)
    text = _BETWEEN.sub("-", "".join(letter for letter in composed if unicodedata.category(letter) != "Mn"))
    return " ".join(_clean_word(word) for word in _SPACES.split(text.strip()) if word)


def _clean_word(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha() and script_of(letter) != "common"]
    rest = {script_of(letter) for letter in letters if letter not in LATIN_LOOK_ALIKES}
    if rest == {"cyrillic"}:
        word = "".join(_mended(letter) for letter in word)
    return _clean_apostrophes(word)


def _mended(letter: str) -> str:
    small = letter.lower().translate(LOOK_ALIKE)
    return small.upper() if letter.isupper() else small if small != letter.lower() else letter


def _clean_apostrophes(word: str) -> str:
    cleaned = []
    for index, letter in enumerate(word):
        if letter in APOSTROPHES:
            before = word[index - 1 : index]
            after = word[index + 1 : index + 2]
            # "O'Brien" is no Uzbek oʻ: a capital follows a capital in a word that isn't all capitals.
            foreign = after.isupper() and not word.isupper()
            letter = TURNED_COMMA if before in tuple("oOgG") and not foreign else APOSTROPHE
        cleaned.append(letter)
    return "".join(cleaned)


def _says_none(value: str, part: str) -> bool:
    """Whether the text says that there is no such name, or has a dash in the place of one."""
    if "" in (word.strip("-.") for word in value.split()):
        return True
    is_name = not value.islower() and value.casefold() in _NAMES.get(part, ())
    return not is_name and stands_for_none(value)


def _is_name(value: str) -> bool:
    allowed = all(letter.isalpha() or letter in " -." for letter in value)
    return allowed and any(script_of(letter) in ("latin", "cyrillic") for letter in value)
