"""National and other personal numbers: form, checksum, what they say about their holder. Pure: no Django.

Strict findings (``errors``) stop a number from being stored; soft ones (``warnings``) never do: they are
shown, stored with the number, and weighed later by the eligibility rule IDN-01.

Sources of the rules:
- KZ IIN: published algorithm (pass 1 weights 1..11, pass 2 weights 3..11, 1, 2, modulo 11), checked against
  independent implementations. Government resolution 853 of 26 August 2013 untied the number from birth date
  and sex, so what it says about them is a hint only.
- UZ PINFL: algorithm as in several public implementations that cite Cabinet of Ministers resolution 177 of
  12 April 2022; no official text was read, so a failing control digit is a warning.
- KG PIN: 14 digits. No public source of its control digit is known and its structure is unconfirmed, so
  nothing beyond the length is read from it.
- Passport, birth certificate, health card: length and characters only; formats differ between issuers.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from patients.names import has_hidden_character

KZ_IIN: Final = "kz-iin"
UZ_PINFL: Final = "uz-pinfl"
KG_PIN: Final = "kg-pin"
PASSPORT: Final = "passport"
BIRTH_CERTIFICATE: Final = "birth-certificate"
HEALTH_CARD: Final = "health-card"
TEMPORARY: Final = "temporary"

SYSTEMS: Final = (KZ_IIN, UZ_PINFL, KG_PIN, PASSPORT, BIRTH_CERTIFICATE, HEALTH_CARD, TEMPORARY)
COUNTRY_OF: Final = {KZ_IIN: "KZ", UZ_PINFL: "UZ", KG_PIN: "KG"}
"""The country that issues a national number; every other system needs its country named."""

DIGITS_OF: Final = {KZ_IIN: 12, UZ_PINFL: 14, KG_PIN: 14}
MAX_INPUT: Final = 60
"""Longest text looked at, in characters: no number comes near it."""

TEMPORARY_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are misread when copied by hand."""

_SEPARATORS: Final = re.compile(r"[\s./№#\-‐‑‒–—−]+")
# Cyrillic capitals that look like Latin ones.
_LOOK_ALIKE: Final = str.maketrans("АВЕКМНОРСТУХІЅЈ", "ABEKMHOPCTYXISJ")
_LENGTHS: Final = {PASSPORT: (5, 20), BIRTH_CERTIFICATE: (4, 20), HEALTH_CARD: (4, 30)}


@dataclass(frozen=True)
class IdentifierCheck:
    """What ``check`` found.

    ``value``: normalised, ready to store when ``errors`` is empty.
    ``errors``: empty, hidden_character, too_long, not_digits, length, checksum, cyrillic_letters, characters,
    no_digit, unknown_system.
    ``warnings``: checksum, date_impossible, structure, later also birth_date_differs, sex_differs.
    ``birth_date``, ``sex`` ("male" | "female"): what the number says, None where it says nothing.
    """

    value: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: str | None = None


def check(system: str, value: str) -> IdentifierCheck:
    """Normalise ``value`` and check it by the rules of ``system`` (one of ``SYSTEMS``).

    Spaces, dashes, points and number signs are tolerated and dropped; digits of other scripts are not digits.
    """
    if system not in SYSTEMS:
        return IdentifierCheck("", ("unknown_system",))
    if len(value) > MAX_INPUT:
        return IdentifierCheck("", ("too_long",))
    if has_hidden_character(value.strip()):
        return IdentifierCheck("", ("hidden_character",))
    number = _normalise(system, value)
    if not number:
        return IdentifierCheck("", ("empty",))
    if system in DIGITS_OF:
        return _check_national(system, number)
    if system == TEMPORARY:
        return _check_temporary(number)
    return _check_document(system, number)


def agreement(checked: IdentifierCheck, birth_date: date | None, sex: str | None) -> list[str]:
    """Warning codes where the number says otherwise than the person's data. Unknown facts never disagree."""
    found = []
    if checked.birth_date and birth_date and checked.birth_date != birth_date:
        found.append("birth_date_differs")
    if checked.sex and sex in ("male", "female") and checked.sex != sex:
        found.append("sex_differs")
    return found


def all_warnings(checked: IdentifierCheck, birth_date: date | None, sex: str | None) -> list[str]:
    """The warnings to store with the number: of its form, then of its agreement with the person."""
    return [*checked.warnings, *agreement(checked, birth_date, sex)]


def readings(text: str) -> list[tuple[str, str]]:
    """(system, normalised value) pairs that ``text`` may stand for; empty when it can't be a number at all.

    Used by search, where one box takes every kind of number. A name has no digit, so it has no reading.
    """
    if not any(letter.isdigit() for letter in text) and not text.strip().upper().startswith("TMP"):
        return []
    found = []
    for system in SYSTEMS:
        checked = check(system, text)
        if not checked.errors:
            found.append((system, checked.value))
    return found


def _normalise(system: str, value: str) -> str:
    value = unicodedata.normalize("NFC", value).upper()
    number = _SEPARATORS.sub("", value)
    if system in (BIRTH_CERTIFICATE, HEALTH_CARD):
        # Their series is printed in either script; one spelling is kept so that the number is found again.
        return number.translate(_LOOK_ALIKE)
    return number


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdigit()


def _check_national(system: str, number: str) -> IdentifierCheck:
    if not _is_digits(number):
        return IdentifierCheck(number[:40], ("not_digits",))
    if len(number) != DIGITS_OF[system]:
        return IdentifierCheck(number[:40], ("length",))
    if system == KZ_IIN:
        return _check_iin(number)
    if system == UZ_PINFL:
        return _check_pinfl(number)
    return IdentifierCheck(number)


def iin_control_digit(first_eleven: str) -> int | None:
    """The control digit of an IIN for its first eleven digits; None when such a number is never issued."""
    digits = [int(digit) for digit in first_eleven]
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest != 10:
            return rest
    return None


def pinfl_control_digit(first_thirteen: str) -> int:
    """The control digit of a PINFL for its first thirteen digits."""
    return sum(int(digit) * (7, 3, 1)[index % 3] for index, digit in enumerate(first_thirteen)) % 10


def _check_iin(number: str) -> IdentifierCheck:
    if iin_control_digit(number[:11]) != int(number[11]):
        return IdentifierCheck(number, ("checksum",))
    century = _century(number[6])
    if century is None:  # 0 and others: birth date and sex aren't derivable, which is no fault
        return IdentifierCheck(number)
    born = _date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    warnings = () if born else ("date_impossible",)
    return IdentifierCheck(number, (), warnings, born, _sex(number[6]))


def _check_pinfl(number: str) -> IdentifierCheck:
    warnings = []
    if pinfl_control_digit(number[:13]) != int(number[13]):
        warnings.append("checksum")
    century = _century(number[0])
    born = sex = None
    if century is None or number[7:10] == "000" or number[10:13] == "000":
        warnings.append("structure")
    if century is not None:
        sex = _sex(number[0])
        born = _date(century + int(number[5:7]), int(number[3:5]), int(number[1:3]))
        if born is None:
            warnings.append("date_impossible")
    return IdentifierCheck(number, (), tuple(warnings), born, sex)


def _century(digit: str) -> int | None:
    return {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}.get(digit)


def _sex(digit: str) -> str:
    return "male" if int(digit) % 2 else "female"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _check_temporary(number: str) -> IdentifierCheck:
    if not re.fullmatch(f"TMP[{TEMPORARY_ALPHABET}]{{8}}", number):
        return IdentifierCheck(number[:40], ("characters",))
    return IdentifierCheck(f"TMP-{number[3:]}")


def _check_document(system: str, number: str) -> IdentifierCheck:
    if re.search("[Ѐ-ӿ]", number) and system != BIRTH_CERTIFICATE:
        return IdentifierCheck(number[:40], ("cyrillic_letters",))
    letters = "A-Z0-9А-ЯЁӘҒҚҢӨҰҮҺЎҲ" if system == BIRTH_CERTIFICATE else "A-Z0-9"
    if not re.fullmatch(f"[{letters}]+", number):
        return IdentifierCheck(number[:40], ("characters",))
    shortest, longest = _LENGTHS[system]
    if not shortest <= len(number) <= longest:
        return IdentifierCheck(number[:40], ("length",))
    if not re.search("[0-9]", number):
        return IdentifierCheck(number, ("no_digit",))
    return IdentifierCheck(number)
