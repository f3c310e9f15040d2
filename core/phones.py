"""Telephone numbers as people type them, as they are kept, and what to say of one that can't be told."""

import re
import unicodedata
from contextlib import suppress
from typing import Final, NamedTuple

import phonenumbers
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.forms.text import unseen_character
from core.placeholders import stands_for_none

REGIONS: Final = ("KZ", "UZ", "KG")
MAX_INPUT: Final = 40
"""Longest text looked at, in characters."""
_TRUNK: Final = {"KZ": "8", "UZ": "8", "KG": "0"}
"""What people dial before a number at home. Uzbekistan dropped its 8; it is still written."""
#: A country's code in front, without the plus.
_WITH_CODE: Final = re.compile(r"(?:998|996)[0-9]{9}|7[0-9]{10}")
#: Dialled in Kyrgyzstan alone: 0 and nine digits.
_KYRGYZ: Final = re.compile(r"0[0-9]{9}")
#: Dialled in Kazakhstan and Russia alone: 8 and ten digits.
_SEVEN: Final = re.compile(r"8[0-9]{10}")
_LABEL: Final = re.compile(r"(?:тел(?:ефон)?|tel(?:efon)?|моб|mob|phone)[.:]*\s*", re.IGNORECASE)
#: What may stand in one number besides its digits; every dash is one of them.
_ONE_NUMBER: Final = re.compile(r"[(\[\s]*\+?[0-9\s()\[\]./\\~_\-]*")
_ZERO: Final = str.maketrans("OoОо", "0000")
_RUNS: Final = ("1234567890123", "0123456789", "9876543210")
#: How many digits of a national number are its code, by the country's.
_CODE_LENGTH: Final = {7: 3, 996: 3, 998: 2}


class Phone(NamedTuple):
    """`number` in E.164 form ("+77012345678"), empty for an empty text, None when it can't be told.

    `likely` is then what the text may mean, to be asked about: another country's number, or several with “/” between
    them; empty when it is none. `fault` says what else is wrong: "words" (anything but one number), "placeholder".
    """

    number: str | None
    likely: str = ""
    fault: str = ""


def clean_phone(text: str, country: str = "") -> str | None:
    """The `number` of `read_phone`."""
    return read_phone(text, country).number


def read_phone(text: str, country: str = "") -> Phone:
    """Read a telephone number as people type it.

    `country` (KZ, UZ, KG) says whose plan a number without its country's code is read by. One that the plan doesn't
    know is never taken as another country's unless it is written as that country's: with its code, with 00 or 810
    before it, or as 0555 123 456 and 8 701 123 45 67 are dialled there alone. What might be one is asked about. A
    number written with + may be one that the plan doesn't know, since codes are opened more often than tables are
    renewed and synthetic numbers lie in codes of nobody, but never one of another length. What stands for no number is
    none. A word, an extension or a second number would be lost, so nothing is taken with it. Source of the plans: the
    metadata of libphonenumber.
    """
    text = text.strip()
    if not text:
        return Phone("")
    if len(text) > MAX_INPUT or unseen_character(text):
        return Phone(None)
    if stands_for_none(text):
        return Phone(None, fault="placeholder")
    text = _LABEL.sub("", "".join(_plain(character) for character in text), count=1).strip()
    digits = re.sub("[^0-9]", "", text)
    if not _ONE_NUMBER.fullmatch(text) or len(digits) > 15 + len("810"):
        return Phone(None, likely=_with_zeros(text, country), fault="words")
    if len(digits) >= 5 and (len(set(digits)) == 1 or any(run.startswith(digits) for run in _RUNS)):
        return Phone(None, fault="placeholder")
    number = _read(text, digits, country)
    if number is None:
        return Phone(None, likely=_likely(text, digits, country))
    return Phone(None, fault="placeholder") if _stands_for_none(number) else Phone(number)


def phone_error(phone: Phone) -> Text:
    """The sentence for a number that can't be told: what it may mean, or what to do."""
    if phone.likely:
        text: Text = _(
            "No telephone number of your country is like this. If you mean %(number)s, write it so; "
            "else check the digits."
        ) % {"number": phone.likely}
        return text
    if phone.fault == "placeholder":
        return _("This stands for no telephone number. Leave the field empty if the number isn’t known.")
    if phone.fault == "words":
        return _(
            "Enter one telephone number alone, without words, an extension or a second number, "
            "such as +7 701 234 56 78."
        )
    return _(
        "This is no complete telephone number. Check the digits, and write it with its country’s "
        "code, such as +7 701 234 56 78."
    )


def _plain(character: str) -> str:
    """A digit of any script as 0 to 9, any dash as a hyphen, the wide signs as theirs; anything else as it is."""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    return unicodedata.normalize("NFKC", character)


def _read(text: str, digits: str, country: str) -> str | None:
    for prefix in ("00", "810"):
        # Dialled abroad with the code of the country behind it.
        if "+" not in text and digits.startswith(prefix) and len(digits) > len(prefix) + 9:
            return _international("+" + digits.removeprefix(prefix), at_least_possible=True)
    if "+" in text:
        return _international("+" + digits, at_least_possible=True)
    return _at_home(digits, country) or _elsewhere(digits)


def _at_home(digits: str, country: str) -> str | None:
    if not country:
        return None
    trunk = _TRUNK.get(country, "")
    found = _valid(digits, country)
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


def _likely(text: str, digits: str, country: str) -> str:
    """What the text may mean when it is no number by the rules; several with “/” between them."""
    if "+" in text:
        # +8 701 … and +998 8 90 …: what is dialled at home was left in.
        found = [_elsewhere(digits), _international(re.sub("^(998|996)[08]", r"+\1", digits))]
    else:
        found = [_valid(digits, region) for region in REGIONS if region != country]
        # A code without its plus, or with one zero; a Soviet 8 before a Kyrgyz 0; 8 371 as Tashkent was once dialled.
        found += [_international("+" + digits), _international("+" + digits.lstrip("0"))]
        found += [_valid(digits[1:], "KG")] if digits.startswith("80") else []
        old = digits[1:] if digits.startswith("8") else digits
        found += [_valid(old[1:], "UZ")] if country == "UZ" and re.fullmatch("3[0-9]{9}", old) else []
    likely = (number for number in found if number and not _stands_for_none(number))
    return " / ".join(dict.fromkeys(likely))


def _with_zeros(text: str, country: str) -> str:
    """The number that the text is with a zero for each letter O; empty when it is none."""
    zeros = text.translate(_ZERO)
    if zeros == text or not _ONE_NUMBER.fullmatch(zeros):
        return ""
    return read_phone(zeros, country).number or ""


def _stands_for_none(number: str) -> bool:
    """Whether a number is one that people type into a field that must not stay empty: one digit, or zeros alone."""
    parsed = phonenumbers.parse(number, None)
    national = phonenumbers.national_significant_number(parsed)
    subscriber = national[_CODE_LENGTH.get(parsed.country_code or 0, 0) :]
    return (
        len(set(national)) == 1 or set(subscriber) == {"0"} or any(run.startswith(national) for run in _RUNS)
    )


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
