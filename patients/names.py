"""Names of persons in Cyrillic and Latin: cleaning, reading in Latin, comparing. Pure: no Django.

Three questions are answered here:

``check_name``     Is this text fit to be a name, and how is it stored?
``to_latin``       How is the name read in Latin letters?
``match_key``      Which folded form do all usual spellings of the name share?

Sources. The Latin form of the Russian letters is the recommendation of ICAO Doc 9303 part 3 ("Transliteration
of Cyrillic characters"), which passports follow: х KH, ц TS, щ SHCH, ъ IE, ю IU, я IA, ё E, й I, ь omitted.
That table has no Kazakh, Kyrgyz or Uzbek letters, so ә ғ қ ң ө ұ ү һ ҳ take their plain base letter, which is
what the region's travel documents mostly print; Uzbek ў is O as in the Latin alphabet (oʻ) and ж is ZH in all
languages. This is a reading aid: the spelling of a person's own passport always wins.
The match key is our own proposal, not a standard: it folds what clerks of the three countries spell
differently (Dzh/J/Zh, Kh/H/X, Q/K, Ye/E, Yu/Iu, Ya/Ia, Y/I, doubled letters, every kind of apostrophe). It is
lossy on purpose: it finds candidates for a person to judge and never proves that two persons are one.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_NAME_LENGTH: Final = 100
"""Longest stored part of a name, in characters."""

TURNED_COMMA: Final = "ʻ"  # U+02BB, the letter sign of Uzbek oʻ and gʻ
APOSTROPHE: Final = "ʼ"  # U+02BC, Uzbek tutuq belgisi and every other apostrophe in a name
_APOSTROPHES: Final = "'‘’`´ʻʼʹ′＇"
_DASHES: Final = "-‐‑‒–—−"
_SPACES: Final = re.compile(r"\s+")

_LATIN_OF: Final = {
    **dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True)),
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ъ": "ie", "ь": "", "ю": "iu", "я": "ia"},
    # Not in ICAO's table: base letters.
    **{"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},
    **{"ў": "o", "ҳ": "h", "җ": "zh", "ѳ": "o", "ґ": "g", "є": "ie", "ї": "i", "ј": "j"},
}

# Symbols of the match key: c = ch, x = sh, j = zh; the other letters are themselves.
_KEY_OF_CYRILLIC: Final = {
    **_LATIN_OF,
    **{"ж": "j", "җ": "j", "х": "h", "ҳ": "h", "һ": "h", "ч": "c", "ш": "x", "щ": "xc", "ъ": "", "й": "y"},
}
_LATIN_DIGRAPHS: Final = re.compile("shch|dzh|sh|zh|dj|ch|kh|gh|ph|x|q|w|ç|ş|š|č|ž|ğ|ı|ä|æ|ö|ø|ü|ñ|ŋ")
_KEY_OF_LATIN: Final = {
    **{"shch": "xc", "dzh": "j", "dj": "j", "zh": "j", "ž": "j", "ch": "c", "ç": "c", "č": "c"},
    **{"sh": "x", "ş": "x", "š": "x", "kh": "h", "x": "h", "gh": "g", "ğ": "g"},
    **{"ph": "f", "q": "k", "w": "v", "ı": "i", "ä": "a", "æ": "a", "ö": "o", "ø": "o", "ü": "u"},
    **{"ñ": "n", "ŋ": "n"},
}


@dataclass(frozen=True)
class NameCheck:
    """The outcome of ``check_name``.

    ``value`` is the text to store; ``errors`` holds codes: hidden_character, too_long, mixed_scripts,
    unknown_script, not_a_name. ``word`` is the word that is wrong with mixed scripts, else empty.
    """

    value: str
    errors: tuple[str, ...] = ()
    word: str = ""


def script_of(letter: str) -> str:
    """ "latin", "cyrillic", "common" (apostrophe letters) or "other", for one character."""
    if letter in (TURNED_COMMA, APOSTROPHE):
        return "common"
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN "):
        return "latin"
    return "cyrillic" if name.startswith("CYRILLIC ") else "other"


def has_hidden_character(text: str) -> bool:
    """True with zero-width, bidirectional, control, private or unassigned characters in ``text``."""
    return any(
        unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cs", "Cn"} and letter not in "\t\n\r"
        for letter in text
    )


def check_name(text: str) -> NameCheck:
    """Clean one part of a name (or several words) and say what is wrong with it.

    Cleaned: NFC, single spaces, one kind of hyphen, Uzbek oʻ gʻ and ʼ, the Kyrgyz ө typed as Church Slavonic
    ѳ, and the Latin i in an otherwise Cyrillic word, as older Kazakh texts have it ("Серiк").
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
    if value and not _is_name(value):
        return NameCheck(value, ("not_a_name",))
    return NameCheck(value)


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate({ord(dash): "-" for dash in _DASHES})
    text = text.replace("ѳ", "ө").replace("Ѳ", "Ө")
    return " ".join(_clean_word(word) for word in _SPACES.split(text.strip()) if word)


def _clean_word(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha() and letter not in (TURNED_COMMA, APOSTROPHE)]
    rest = {script_of(letter) for letter in letters if letter not in "iI"}
    if rest == {"cyrillic"}:
        word = word.replace("i", "і").replace("I", "І")
    return _clean_apostrophes(word)


def _clean_apostrophes(word: str) -> str:
    cleaned = []
    for index, letter in enumerate(word):
        if letter in _APOSTROPHES:
            before = word[index - 1 : index]
            after = word[index + 1 : index + 2]
            # "O'Brien" is no Uzbek oʻ: a capital follows a capital in a word that isn't all capitals.
            foreign = after.isupper() and not word.isupper()
            letter = TURNED_COMMA if before in tuple("oOgG") and not foreign else APOSTROPHE
        cleaned.append(letter)
    return "".join(cleaned)


def _is_name(value: str) -> bool:
    allowed = all(letter.isalpha() or letter in " -." for letter in value)
    return allowed and any(script_of(letter) in ("latin", "cyrillic") for letter in value)


def to_latin(text: str) -> str:
    """The name in Latin letters, capitals kept: «Қордай» gives "Kordai". Latin text comes back unchanged."""
    result = []
    for index, letter in enumerate(text):
        latin = _LATIN_OF.get(letter.lower())
        if latin is None:
            result.append(letter)
        elif not letter.isupper():
            result.append(latin)
        else:
            neighbour = text[index + 1 : index + 2] or text[index - 1 : index] if index else text[1:2]
            result.append(latin.upper() if neighbour.isupper() else latin.capitalize())
    return "".join(result)


def match_key(*parts: str) -> str:
    """The folded form of a name: lower-case a–z words with one space between, in the order given.

    Family name, given name and patronymic go in that order; empty parts are left out.
    """
    return " ".join(key for part in parts for word in part.split() if (key := word_key(word)))


def word_key(word: str) -> str:
    """The folded form of one word; empty when nothing of it is a letter."""
    word = unicodedata.normalize("NFC", word).lower().replace("ѳ", "ө")
    word = word.translate({ord(dash): None for dash in _DASHES})
    key = _cyrillic_key(word) if any(script_of(letter) == "cyrillic" for letter in word) else _latin_key(word)
    return _fold(re.sub(r"[^a-z]", "", key))


def _cyrillic_key(word: str) -> str:
    # дж spells one sound, as the J of Kyrgyz and Uzbek names does.
    return "".join(_KEY_OF_CYRILLIC.get(letter, letter) for letter in word.replace("дж", "ж"))


def _latin_key(word: str) -> str:
    # Digraphs are read before the apostrophe goes: s and h are two letters in "Isʼhoq".
    word = _LATIN_DIGRAPHS.sub(lambda found: _KEY_OF_LATIN[found.group()], word)
    return unicodedata.normalize("NFKD", word)


def _fold(key: str) -> str:
    """What both scripts have in common, from key symbols to the final key."""
    key = re.sub("[sx]c", "x", key).replace("ng", "n")  # Щ, Shch, Schmidt and Шмидт
    key = re.sub("[iy]+e|[iy]+o", "e", key)  # Yerlan, Erlan; Фёдор, Fyodor, Fedor
    key = re.sub("[iy]+", "i", key)  # Mariya, Mariia, Maria; Sergey, Sergei
    return re.sub(r"(.)\1+", r"\1", key)  # Jeenbekov, Jenbekov
