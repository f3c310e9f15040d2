"""The portal's languages: the one list from which settings, forms, names, catalogues and tools take theirs."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import Text


@dataclass(frozen=True, slots=True)
class Language:
    """A language of pages, notices and names.

    `name` is its own word for itself, `label` the one that is translated. `instead` is the language whose texts and
    names stand in for what it lacks. `script` is the one that its readers read with ease. Where Django's own texts in
    it are missing or unfit, `words_of_django` is False: our catalogue words them anew (tools/borrowed.py). A catalogue
    that is `complete` may lack no text. `country` is the one of the portal's countries whose own language it is.
    `alphabet` has its letters in their order where Unicode has them in another.
    """

    code: str
    name: str
    label: Text
    script: Literal["cyrillic", "latin"]
    instead: str = ""
    words_of_django: bool = True
    complete: bool = False
    country: str = ""
    alphabet: str = ""


#: In the order in which the head of every page shows them.
LANGUAGES = (
    Language(
        "kk",
        "Қазақша",
        _("Kazakh"),
        "cyrillic",
        instead="ru",
        words_of_django=False,
        complete=True,
        country="KZ",
        alphabet="аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    ),
    Language(
        "ru",
        "Русский",
        _("Russian"),
        "cyrillic",
        complete=True,
        alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    ),
    Language(
        "uz",
        "Oʻzbekcha",
        _("Uzbek"),
        "latin",
        instead="ru",
        words_of_django=False,
        complete=True,
        country="UZ",
    ),
    Language(
        "ky",
        "Кыргызча",
        _("Kyrgyz"),
        "cyrillic",
        instead="ru",
        words_of_django=False,
        complete=True,
        country="KG",
        alphabet="абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    ),
    Language("en", "English", _("English"), "latin"),
)
#: The language in which the texts of the code are written.
SOURCE = "en"
#: Whose names every file of reference data has: they stand in for all others.
COMMON = ("en", "ru")
CODES = tuple(language.code for language in LANGUAGES)
#: Every language with a catalogue.
TRANSLATED = tuple(code for code in CODES if code != SOURCE)
FALLBACKS = {language.code: language.instead for language in LANGUAGES if language.instead}
#: The language in which a country's people are written to first.
OF_COUNTRY = {language.country: language.code for language in LANGUAGES if language.country}
_BY_CODE = {language.code: language for language in LANGUAGES}
#: Where a name is looked for: in the language itself, in the one that stands in for it, in the common ones.
ORDER = {
    code: tuple(dict.fromkeys(part for part in (code, FALLBACKS.get(code, ""), *COMMON) if part))
    for code in CODES
}


def choices() -> list[tuple[str, Text]]:
    """The languages as Django's settings and models take them. A function, so that a new one changes no table."""
    return [(language.code, language.label) for language in LANGUAGES]


def own_names() -> list[tuple[str, str]]:
    """The languages as their readers know them, for a choice between them."""
    return [(language.code, language.name) for language in LANGUAGES]


def active() -> str:
    """The code of the active language; English where it is none of the portal's."""
    code = (get_language() or SOURCE).split("-")[0]
    return code if code in _BY_CODE else SOURCE


def alphabet(code: str) -> str:
    """A language's letters in their order; empty where the order is that of Unicode."""
    return _BY_CODE[code].alphabet


def reads_latin(code: str) -> bool:
    """Whether readers of a language read Latin letters with more ease than Cyrillic ones."""
    return _BY_CODE[code].script == "latin"
