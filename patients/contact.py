"""Telephone numbers and free text: cleaning. Pure: no Django."""

import unicodedata
from collections.abc import Iterator
from contextlib import suppress

import phonenumbers

from patients.names import has_hidden_character

REGIONS = ("KZ", "UZ", "KG")


def clean_phone(text: str, country: str = "") -> str | None:
    """The number in E.164 form ("+77012345678"), "" for an empty text, None when it can't be a number.

    `country` (KZ, UZ, KG) says how a number without its country's code is read first; then the others are tried.
    A number that a country's plan knows wins over one that only has a possible length: 0555 123 456 is Kyrgyz,
    whoever types it. The length alone is enough in the end, since new codes are opened more often than tables
    of them are renewed.
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > 40 or has_hidden_character(text):
        return None
    if text.startswith("00"):
        text = "+" + text.removeprefix("00")
    readings = list(_readings(text, country))
    for fits in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
        for number in readings:
            if fits(number):
                return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _readings(text: str, country: str) -> Iterator[phonenumbers.PhoneNumber]:
    """What the text can mean, the likeliest first."""
    regions = (country, *(region for region in REGIONS if region != country))
    for region in (None,) if text.startswith("+") else regions:
        with suppress(phonenumbers.NumberParseException):
            yield phonenumbers.parse(text, region or None)


def clean_text(text: str) -> str | None:
    """NFC with single spaces, or None with hidden characters in it."""
    if has_hidden_character(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())
