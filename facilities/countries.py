"""Every country of ISO 3166-1 by its two-letter code: which there are, their names, and reading what somebody typed.

The three countries that the portal connects are rows of `Country`; citizenships, documents and the parties of
agreements name any country, so they keep the code alone. Sources: pycountry for the codes (ISO 3166-1), the Unicode
CLDR by way of Babel for the names, but for those that the region writes otherwise.
"""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

import pycountry
from babel import Locale
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import languages
from core.errors import Text

COUNTRY_NAMES: dict[str, Text] = {
    "KZ": _("Kazakhstan"),
    "UZ": _("Uzbekistan"),
    "KG": _("Kyrgyzstan"),
    "TJ": _("Tajikistan"),
}
ISO_CODES: Final = frozenset(country.alpha_2 for country in pycountry.countries)

#: What people call a country beside its names in the CLDR and in ISO 3166.
_ALSO: Final = {
    "Англия": "GB",
    "Белоруссия": "BY",
    "Киргизия": "KG",
    "Киргизстан": "KG",
    "КНР": "CN",
    "Молдавия": "MD",
    "ОАЭ": "AE",
    "РК": "KZ",
    "Российская Федерация": "RU",
    "РФ": "RU",
    "США": "US",
    "Туркмения": "TM",
    "Тоҷикистон": "TJ",
    "AQSh": "US",
    "Britain": "GB",
    "England": "GB",
    "UAE": "AE",
    "UK": "GB",
    "USA": "US",
}


def country_name(code: str) -> str:
    """The country's name in the active language; a code that has none stands for itself."""
    if code in COUNTRY_NAMES:
        return str(COUNTRY_NAMES[code])
    return _cldr(languages.active()).get(code, code)


def country_names() -> tuple[str, ...]:
    """Every country's name in the active language, in its alphabet's order."""
    return _sorted(languages.active())


def read_country(text: str) -> str | None:
    """The code of the country that is meant by a code of two or three letters, or by a name in any of the languages."""
    return _by_key().get(_key(text))


def likely_country(text: str) -> str | None:
    """The code of the country whose name is nearest to the text; None where none is near."""
    near = get_close_matches(_key(text)[:60], [key for key in _by_key() if len(key) > 3], 1, 0.75)
    return _by_key()[near[0]] if near else None


@lru_cache
def _cldr(language: str) -> dict[str, str]:
    names = Locale(language).territories
    # Uzbek's oʻ and gʻ have the mark U+02BB in the catalogues.
    return {code: names[code].replace("‘", "ʻ").replace("’", "ʼ") for code in ISO_CODES if code in names}


@lru_cache
def _sorted(language: str) -> tuple[str, ...]:
    order = {letter: f"{place:02}" for place, letter in enumerate(languages.alphabet(language))}
    with translation.override(language):
        names = [country_name(code) for code in ISO_CODES]

    def place(name: str) -> str:
        plain = name.casefold() if order else unicodedata.normalize("NFKD", name).casefold()
        return "".join(order.get(letter, letter) for letter in plain if letter.isalnum() or letter == " ")

    return tuple(sorted(names, key=lambda name: (place(name), name)))


@lru_cache
def _by_key() -> dict[str, str]:
    """Every country by what it may be called."""
    found = {_key(name): code for name, code in _ALSO.items()}
    for country in pycountry.countries:
        names = [country.name, getattr(country, "official_name", ""), getattr(country, "common_name", "")]
        found |= {_key(name): country.alpha_2 for name in [*names, country.alpha_2, country.alpha_3] if name}
    for language in languages.CODES:
        found |= {_key(name): code for code, name in _cldr(language).items()}
        with translation.override(language):
            found |= {_key(str(name)): code for code, name in COUNTRY_NAMES.items()}
    return found


def _key(text: str) -> str:
    return (
        re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold()).replace("ʻ", "").replace("ʼ", "")
    )
