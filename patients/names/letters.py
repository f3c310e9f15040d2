"""The letters of the region's languages: how each is read in Latin and which sound it stands for in a key.

Sources. The Latin form of the Russian letters is the recommendation of ICAO Doc 9303 part 3 ("Transliteration
of Cyrillic characters"), which passports follow: х KH, ц TS, щ SHCH, ъ IE, ю IU, я IA, ё E, й I, ь omitted.
That table has no letters of Kazakh, Uzbek, Kyrgyz, Karakalpak, Tajik, Uyghur, Dungan, Tatar, Bashkir and
Azerbaijani, so ә ғ қ ң ө ұ ү һ ҳ take their plain base letter, which is what the region's travel documents mostly
print; Uzbek ў is O as in the Latin alphabet (oʻ), Tajik ӯ is U, ҷ is J as in passports of Tajikistan, Bashkir ҙ ҫ
are Z and S, and ж is ZH in all languages. This is a reading aid: the spelling of a person's own passport always
wins. A letter that no table has is read by its Unicode name, so that none is ever dropped.
"""

import unicodedata
from functools import lru_cache
from typing import Final

from core.apostrophes import APOSTROPHES

__all__ = [
    "APOSTROPHE",
    "APOSTROPHES",
    "DASHES",
    "KEY_OF_CYRILLIC",
    "KEY_OF_LATIN",
    "LATIN_LOOK_ALIKES",
    "LATIN_OF",
    "LOOK_ALIKE",
    "TURNED_COMMA",
    "UPON_A_LETTER",
    "base_of",
]

TURNED_COMMA: Final = "ʻ"  # U+02BB, the letter sign of Uzbek oʻ and gʻ
APOSTROPHE: Final = "ʼ"  # U+02BC, Uzbek tutuq belgisi and every other apostrophe in a name
#: Marks that some keyboards put upon the letter before.
UPON_A_LETTER: Final = "\u0312\u0313\u0314\u0315"
DASHES: Final = "-‐‑‒–—―−⁃﹘﹣－"

LATIN_OF: Final = {
    **dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True)),
    **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"},
    **{"ъ": "ie", "ь": "", "ю": "iu", "я": "ia"},
    # Not in ICAO's table: base letters.
    **{"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"},
    **{"ў": "o", "ҳ": "h", "җ": "zh", "ѳ": "o", "ґ": "g", "є": "ie", "ї": "i", "ј": "i"},
    **{"ӣ": "i", "ӯ": "u", "ҷ": "j", "ҹ": "j", "ҝ": "g", "ҙ": "z", "ҡ": "k", "ҫ": "s", "ӑ": "a", "ӗ": "e"},
}
#: Symbols of the match key: c = ch, x = sh, j = zh; the other letters are themselves.
KEY_OF_CYRILLIC: Final = {
    **LATIN_OF,
    **{"ж": "j", "җ": "j", "х": "h", "ҳ": "h", "һ": "h", "ч": "c", "ш": "x", "щ": "xc", "ъ": "", "й": "y"},
}
KEY_OF_LATIN: Final = {
    **{"shch": "xc", "dzh": "j", "dj": "j", "zh": "j", "ž": "j", "ch": "c", "ç": "c", "č": "c"},
    **{"sh": "x", "ş": "x", "š": "x", "kh": "h", "x": "h", "gh": "g", "ğ": "g", "ǵ": "g"},
    **{"ph": "f", "q": "k", "w": "v", "ı": "i", "ä": "a", "æ": "a", "ə": "a", "ö": "o", "ø": "o", "ü": "u"},
    **{"ñ": "n", "ŋ": "n", "ɵ": "o", "ð": "d", "þ": "t", "ß": "s", "ł": "l", "đ": "d"},
}

#: Letters that keyboards and old fonts put in the place of another. In a word that is otherwise Cyrillic.
LOOK_ALIKE: Final = str.maketrans(
    {
        **{"ѳ": "ө", "ɵ": "ө", "ө": "ө", "ӧ": "ө", "ə": "ә", "ǝ": "ә", "i": "і", "h": "һ"},
        **{"ѐ": "е", "ѝ": "и"},
        **{
            "ӊ": "ң",
            "ҥ": "ң",
            "ӈ": "ң",
            "ҕ": "ғ",
            "ӷ": "ғ",
            "ӄ": "қ",
            "ҟ": "қ",
            "ӌ": "ҷ",
            "ӽ": "ҳ",
            "ӳ": "ұ",
        },
    }
)
LATIN_LOOK_ALIKES: Final = frozenset("iIəƏǝɵƟhH")


@lru_cache(maxsize=4096)
def base_of(letter: str) -> str:
    """The letters a–z that stand for a letter that no table has, from what Unicode calls it; never empty.

    “CYRILLIC SMALL LETTER KA WITH HOOK” is read as к, “LATIN SMALL LETTER A WITH RING” as a.
    """
    plain = unicodedata.normalize("NFKD", letter)[:1]
    if plain.isascii() and plain.isalpha():
        return plain
    name = unicodedata.name(letter, "").replace(" CAPITAL ", " SMALL ").split(" WITH ")[0]
    script, _letter, own = name.partition(" SMALL LETTER ")
    for wanted in (name, f"{script} SMALL LETTER {own.split(' ')[-1]}"):
        try:
            known = unicodedata.lookup(wanted)
        except KeyError:
            continue
        if LATIN_OF.get(known):
            return LATIN_OF[known]
        if known.isascii() and known.isalpha():
            return known
    return "".join(sign for sign in own.split(" ")[-1].lower() if "a" <= sign <= "z")[:2] or "q"
