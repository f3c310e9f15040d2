"""National and other personal numbers: form, checksum, what they say about their holder. Pure: no Django.

Strict findings (`errors`) stop a number from being stored; soft ones (`warnings`) never do: they are shown, stored with
the number, and weighed later by the eligibility rule IDN-01. Each kind of number stands in one place with all that
belongs to it, a national one in a file of its own, and is listed in `ALL`.
"""

import re
import unicodedata
from datetime import date
from typing import Final

from core import placeholders
from core.partial import PartialDate
from patients.identifiers import documents, kg_pin, kz_iin, uz_pinfl
from patients.identifiers.base import IdentifierCheck, System
from patients.identifiers.documents import TEMPORARY_ALPHABET
from patients.names import has_hidden_character

__all__ = [
    "ALL",
    "BY_CODE",
    "COUNTRY_OF",
    "MAX_INPUT",
    "NATIONAL_OF",
    "PASSPORT",
    "SYSTEMS",
    "TEMPORARY",
    "TEMPORARY_ALPHABET",
    "IdentifierCheck",
    "System",
    "agreement",
    "all_warnings",
    "check",
    "readings",
]

#: In the order in which forms offer them.
ALL: Final = (
    kz_iin.SYSTEM,
    uz_pinfl.SYSTEM,
    kg_pin.SYSTEM,
    documents.PASSPORT,
    documents.IDENTITY_CARD,
    documents.RESIDENCE_PERMIT,
    documents.TRAVEL_DOCUMENT,
    documents.BIRTH_CERTIFICATE,
    documents.HEALTH_CARD,
    documents.TEMPORARY,
)
BY_CODE: Final = {system.code: system for system in ALL}
SYSTEMS: Final = tuple(BY_CODE)
COUNTRY_OF: Final = {system.code: system.country for system in ALL if system.country}
"""The country that issues a national number; every other system needs its country named."""

NATIONAL_OF: Final = {system.country: system for system in ALL if system.country}
"""The national number of a country: there is one."""
assert len(NATIONAL_OF) == len(COUNTRY_OF), "two national numbers of one country"

PASSPORT: Final = documents.PASSPORT.code
TEMPORARY: Final = documents.TEMPORARY.code

MAX_INPUT: Final = 60
"""Longest text looked at, in characters: no number comes near it."""

_SEPARATORS: Final = re.compile(r"[\s./№#\-‐‑‒–—−]+")
_RISING: Final = "1234567890" * 3
_FALLING: Final = "9876543210" * 3
#: No date, sex and serial number make nine digits of a national number the same.
_LONG_RUN: Final = re.compile(r"([0-9])\1{8}")
_REPEATS: Final = re.compile(r"([0-9]{1,4})\1+|[0-9]([0-9])\2+")
# Cyrillic capitals that look like Latin ones.
_LOOK_ALIKE: Final = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")


def check(system: str, value: str) -> IdentifierCheck:
    """Normalise `value` and check it by the rules of `system` (one of `SYSTEMS`).

    Spaces, dashes, points and number signs are tolerated and dropped; digits of other scripts are not digits.
    """
    if system not in BY_CODE:
        return IdentifierCheck("", ("unknown_system",))
    if len(value) > MAX_INPUT:
        return IdentifierCheck("", ("too_long",))
    if has_hidden_character(value.strip()):
        return IdentifierCheck("", ("hidden_character",))
    number = _normalise(BY_CODE[system], value)
    if not number:
        return IdentifierCheck("", ("empty",))
    if is_placeholder(BY_CODE[system], number, typed=value):
        # Before anything else is found wrong with it: who doesn't know a number is told what to do, not to look again.
        return IdentifierCheck(number[:40], ("placeholder",))
    return BY_CODE[system].examine(number)


def is_placeholder(system: System, number: str, *, typed: str = "") -> bool:
    """Whether a number, normalised, or what was typed stands for “not known” in a field that must not stay empty.

    What `stands_for_none` finds, and for a national number the digits in their order, a few over and over, or one digit
    behind the first. A document may well be numbered 1234567.
    """
    if system.given_by_portal:
        return False
    made_up = len(number) == system.digits and (
        number in _RISING
        or number in _FALLING
        or _REPEATS.fullmatch(number) is not None
        or _LONG_RUN.search(number) is not None
    )
    return stands_for_none(number) or made_up or placeholders.stands_for_none(typed)


def stands_for_none(text: str) -> bool:
    """Whether a number of any kind is one digit or letter over and over, zeros or nines behind a series, or a word."""
    number = _SEPARATORS.sub("", text.upper())
    if placeholders.stands_for_none(text) or (len(number) >= 3 and len(set(number)) == 1):
        return True
    digits = re.sub("[^0-9]", "", number)
    least = 4 if set(digits) in ({"0"}, {"9"}) else 6
    return len(digits) >= least and len(set(digits)) == 1


def agreement(checked: IdentifierCheck, born: PartialDate | date | None, sex: str | None) -> list[str]:
    """Warning codes where the number says otherwise than the person's data, or more than they do of a date of birth.

    Unknown facts never disagree.
    """
    found = []
    born = PartialDate.of(born) if born else None
    if checked.birth_date and born and not born.has(checked.birth_date):
        found.append("birth_date_differs")
    elif checked.birth_date and born and not born.is_whole:
        found.append("birth_date_partial")
    if checked.sex and sex in ("male", "female") and checked.sex != sex:
        found.append("sex_differs")
    return found


def all_warnings(checked: IdentifierCheck, born: PartialDate | date | None, sex: str | None) -> list[str]:
    """The warnings to store with the number: of its form, then of its agreement with the person."""
    return [*checked.warnings, *agreement(checked, born, sex)]


def readings(text: str) -> list[tuple[str, str]]:
    """(system, normalised value) pairs that `text` may stand for; empty when it can't be a number at all.

    Used by search, where one box takes every kind of number. A name has no digit, so it has no reading.
    """
    temporary = text.strip().upper().translate(_LOOK_ALIKE).startswith("TMP")
    if not any(letter.isdigit() for letter in text) and not temporary:
        return []
    found = []
    for system in SYSTEMS:
        checked = check(system, text)
        if not checked.errors:
            found.append((system, checked.value))
    return found


def _normalise(system: System, value: str) -> str:
    value = unicodedata.normalize("NFC", value).upper()
    number = _SEPARATORS.sub("", value)
    if system.either_script:
        # Their series is printed in either script; one spelling is kept so that the number is found again.
        return number.translate(_LOOK_ALIKE)
    return number
