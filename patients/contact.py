"""Telephone numbers and free text: cleaning. Pure: no Django."""

import unicodedata

import phonenumbers

from patients.names import has_hidden_character

REGIONS = ("KZ", "UZ", "KG")


def clean_phone(text: str, country: str = "") -> str | None:
    """The number in E.164 form ("+77012345678"), "" for an empty text, None when it can't be a number.

    ``country`` (KZ, UZ, KG) says how a number without "+" is read first; then the other two are tried.
    The length is checked, not the area code: new ones are opened more often than tables of them are renewed.
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > 40 or has_hidden_character(text):
        return None
    regions = (country, *(region for region in REGIONS if region != country))
    for region in (None,) if text.startswith("+") else regions:
        try:
            number = phonenumbers.parse(text, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def clean_text(text: str) -> str | None:
    """NFC with single spaces, or None with hidden characters in it."""
    if has_hidden_character(text):
        return None
    return " ".join(unicodedata.normalize("NFC", text).split())
