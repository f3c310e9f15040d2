"""Telephone numbers and free text: cleaning. Pure: no Django."""

import re
import unicodedata
from contextlib import suppress
from typing import NamedTuple

import phonenumbers

from patients.names import has_hidden_character

REGIONS = ("KZ", "UZ", "KG")
_TRUNK = {"KZ": "8", "UZ": "8", "KG": "0"}
"""What people dial before a number at home. Uzbekistan dropped its 8; it is still written."""
#: A country's code in front, without the plus.
_WITH_CODE = re.compile(r"(?:998|996)[0-9]{9}|7[0-9]{10}")
#: Dialled in Kyrgyzstan alone: 0 and nine digits.
_KYRGYZ = re.compile(r"0[0-9]{9}")
#: Dialled in Kazakhstan and Russia alone: 8 and ten digits.
_SEVEN = re.compile(r"8[0-9]{10}")


class Phone(NamedTuple):
    """`number` in E.164 form ("+77012345678"), empty for an empty text, None when it can't be told.

    `likely` is then the number of another country that the text may mean, to be asked about; empty when it is none.
    """

    number: str | None
    likely: str = ""


def clean_phone(text: str, country: str = "") -> str | None:
    """The `number` of `read_phone`."""
    return read_phone(text, country).number


def read_phone(text: str, country: str = "") -> Phone:
    """Read a telephone number as people type it.

    `country` (KZ, UZ, KG) says whose plan a number without its country's code is read by. One that the plan doesn't
    know is never taken as another country's unless it is written as that country's: with its code, with 00 or 810
    before it, or as 0555 123 456 and 8 701 123 45 67 are dialled there alone. What might be one is asked about. A
    number written with + may be one that the plan doesn't know yet, since codes are opened more often than tables are
    renewed, but never one of another length. Source of the plans: the metadata of libphonenumber.
    """
    text = text.strip()
    if not text:
        return Phone("")
    if len(text) > 40 or has_hidden_character(text):
        return Phone(None)
    text = "".join(_plain(character) for character in text)
    digits = re.sub("[^0-9]", "", text)
    for prefix in ("00", "810"):
        # Dialled abroad with the code of the country behind it.
        if not text.startswith("+") and digits.startswith(prefix) and len(digits) > len(prefix) + 9:
            text = "+" + digits.removeprefix(prefix)
            break
    if text.startswith("+"):
        return Phone(_international(text, at_least_possible=True))
    home = _at_home(text, digits, country)
    if home is not None:
        return Phone(home)
    elsewhere = _elsewhere(digits)
    if elsewhere is not None:
        return Phone(elsewhere)
    others = (_valid(text, region) for region in REGIONS if region != country)
    return Phone(None, next((number for number in others if number), ""))


def _plain(character: str) -> str:
    """A digit of any script as 0 to 9; anything else as it is."""
    return str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character


def _at_home(text: str, digits: str, country: str) -> str | None:
    if not country:
        return None
    trunk = _TRUNK.get(country, "")
    found = _valid(text, country)
    if found is None and trunk and digits.startswith(trunk):
        found = _valid(digits.removeprefix(trunk), country)
    return found


def _elsewhere(digits: str) -> str | None:
    """The number of a country whose way of writing it is this one, and nobody else's."""
    if _WITH_CODE.fullmatch(digits):
        return _international("+" + digits)
    if _KYRGYZ.fullmatch(digits):
        return _valid(digits, "KG")
    if _SEVEN.fullmatch(digits):
        return _valid(digits, "KZ")
    return None


def _international(text: str, *, at_least_possible: bool = False) -> str | None:
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(text, None)
        if phonenumbers.is_valid_number(number) or (
            at_least_possible
            and phonenumbers.is_possible_number_with_reason(number)
            == phonenumbers.ValidationResult.IS_POSSIBLE
        ):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _valid(text: str, region: str) -> str | None:
    """The number that the text is in the region's plan, or in Russia's, which shares Kazakhstan's code."""
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(text, region)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def clean_text(text: str) -> str | None:
    """NFC with single spaces, or None with hidden characters in it."""
    if has_hidden_character(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())
