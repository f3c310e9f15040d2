"""A labelled set of pairs of names, made by written rules: is it one person, written twice, or two persons?

No person stands behind any of them: usual family and given names of the region's peoples are combined by a random
generator with a fixed seed, and each rule below rewrites a name as another office, language or keyboard does.
docs/names.md lists the rules with their figures.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from patients.names import to_latin
from tools.name_stems import STEMS

SEED = 20261125
Person = tuple[str, str]

_LETTERS_2021 = "a,ä,b,v,g,ğ,d,e,io,j,z,i,i,k,q,l,m,n,ñ,o,ö,p,r,s,t,u,ū,ü,f,h,h,ts,ch,ş,şş,y,ı,e,iu,ia,,"
_KAZAKH_LATIN = dict(zip("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюяьъ", _LETTERS_2021.split(","), strict=True))
_UZBEK_LATIN = {
    **dict(zip("абвгдезийклмнопрстуфхъыэ", "abvgdeziyklmnoprstufxʼie", strict=True)),
    **{"ё": "yo", "ж": "j", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "ь": ""},
    **{"ў": "oʻ", "қ": "q", "ғ": "gʻ", "ҳ": "h"},
}
_RUSSIAN = {
    "kk": {"ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "і": "и"},
    "uz": {"ў": "у", "ғ": "г", "қ": "к", "ҳ": "х", "ъ": ""},
    "ky": {"ө": "о", "ү": "у", "ң": "н", "ээ": "е"},
    "tg": {"ҷ": "дж", "ӯ": "у", "ӣ": "и", "қ": "к", "ғ": "г", "ҳ": "х", "ъ": ""},
    "ug": {"ә": "а", "җ": "дж", "қ": "к", "ғ": "г", "һ": "х", "ө": "о", "ү": "у"},
    "tt": {"ә": "а", "җ": "дж", "ҡ": "к", "ғ": "г", "һ": "х", "ө": "о", "ү": "у", "ҙ": "з", "ҫ": "с"},
}
_FROM_AZERI = {
    **{"c": "дж", "ə": "а", "ç": "ч", "ş": "ш", "ğ": "г", "ı": "ы", "ö": "о", "ü": "у", "q": "г", "x": "х"},
    **dict(zip("abdefghijklmnoprstuvz", "абдефгхижклмнопрстувз", strict=True)),
    "y": "й",
}
_KARAKALPAK_LATIN = {
    **dict(zip("абвгдежзийклмнопрстуфхыэў", "abvgdejziyklmnoprstufxıew", strict=True)),
    **{"ә": "á", "ғ": "ǵ", "қ": "q", "ң": "ń", "ө": "ó", "ү": "ú", "ҳ": "h", "ц": "c", "ч": "ch", "ш": "sh"},
    **{"щ": "sh", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ё": "yo"},
}
_AZERI_ENGLISH = {
    "ə": "a",
    "c": "j",
    "ç": "ch",
    "ş": "sh",
    "x": "kh",
    "q": "g",
    "ğ": "gh",
    "ı": "i",
    "ö": "o",
    "ü": "u",
}
_TURKMEN_ENGLISH = {
    "ý": "y",
    "w": "v",
    "ä": "a",
    "ö": "o",
    "ü": "u",
    "ç": "ch",
    "ş": "sh",
    "ž": "zh",
    "y": "y",
    "ň": "n",
}
_FROM_TURKMEN = {
    **{
        "ý": "й",
        "y": "ы",
        "w": "в",
        "ä": "я",
        "ö": "е",
        "ü": "ю",
        "ç": "ч",
        "ş": "ш",
        "ž": "ж",
        "j": "дж",
        "ň": "н",
    },
    **dict(zip("abdefghiklmnoprstuz", "абдефгхиклмнопрстуз", strict=True)),
}
_ENGLISH = {
    **{
        "ж": "j",
        "х": "kh",
        "й": "y",
        "ю": "yu",
        "я": "ya",
        "ё": "yo",
        "ц": "ts",
        "щ": "sch",
        "ъ": "",
        "ь": "",
    },
    **{"ҷ": "j", "җ": "j", "ҳ": "h", "һ": "h", "қ": "q", "ғ": "gh", "ӯ": "u", "ӣ": "i", "ы": "y"},
}
_KOREAN = {
    **{"Цой": "Choi", "Пак": "Park", "Ли": "Lee", "Юн": "Yoon", "Шин": "Shin", "Ким": "Kim", "Хан": "Han"},
    **{
        "Тен": "Jung",
        "Хегай": "Hegay",
        "Кан": "Gang",
        "Ан": "Ahn",
        "Тян": "Jang",
        "Пэ": "Bae",
        "Хван": "Hwang",
    },
}
_KOREAN_AGAIN = {
    "Цой": "Choe",
    "Пак": "Bak",
    "Ли": "Yi",
    "Тен": "Чжон",
    "Шин": "Син",
    "Ким": "Gim",
    "Тян": "Чан",
}
_KEYBOARD = {"ө": "ѳ", "ә": "ə", "і": "i", "һ": "h", "ң": "ӊ", "ғ": "ӷ", "ў": "ӯ"}


def _by(table: dict[str, str]) -> Callable[[str], str]:
    longest = sorted(table, key=len, reverse=True)

    def rewrite(word: str) -> str:
        low = word.lower().replace("i̇", "i")
        for old in longest:
            if len(old) > 1:
                low = low.replace(old, table[old])
        return "".join(table.get(letter, letter) for letter in low).capitalize()

    return rewrite


def _english(word: str) -> str:
    return to_latin("".join(_ENGLISH.get(letter, letter) for letter in word.lower())).capitalize()


def _russian_a(word: str) -> str:
    """Russian writes the first о of an Uzbek or Tajik name as а: Содиқов, Садыков."""
    word = _by(_RUSSIAN["uz"] | _RUSSIAN["tg"])(word).lower()
    place = word.find("о")
    return (word if place < 0 else word[:place] + "а" + word[place + 1 :]).capitalize()


def _uzbek_with(sign: str) -> Callable[[str], str]:
    return lambda word: _by(_UZBEK_LATIN)(word).replace("ʻ", sign).replace("ʼ", sign)


#: Rule → (languages, rewriting of a word). Each makes the same person's name as somebody else writes it.
RULES: dict[str, tuple[str, Callable[[str], str]]] = {
    "Latin letters by the passport's table": ("kk uz ky tg ug tt ba kaa dng azc ru ko", to_latin),
    "Latin letters as English spells them": ("kk uz ky tg ba kaa dng ru", _english),
    "Kazakh in the Latin alphabet of 2021": ("kk", _by(_KAZAKH_LATIN)),
    "Russian spelling of the letters that Russian lacks": (
        "kk ky ug tt",
        lambda word: _by({**_RUSSIAN["kk"], **_RUSSIAN["ug"], **_RUSSIAN["tt"], "ээ": "е"})(word),
    ),
    "Russian spelling of Uzbek and Tajik": ("uz tg", lambda word: _by(_RUSSIAN["uz"] | _RUSSIAN["tg"])(word)),
    "Russian spelling with а for the first о": ("uz tg", _russian_a),
    "Uzbek Latin with ʻ": ("uz", _by(_UZBEK_LATIN)),
    "Uzbek Latin with U+02BD": ("uz", _uzbek_with("ʽ")),
    "Uzbek Latin with a typewriter's apostrophe": ("uz", _uzbek_with("'")),
    "Uzbek Latin with a grave accent": ("uz", _uzbek_with("`")),
    "Uzbek Latin without any apostrophe": ("uz", _uzbek_with("")),
    "Russian spelling of Azerbaijani": ("az", _by(_FROM_AZERI)),
    "Korean names as in English": ("ko", lambda word: _KOREAN.get(word, to_latin(word))),
    "Korean names in another usual spelling": ("ko", lambda word: _KOREAN_AGAIN.get(word, word)),
    "Latin letters of Karakalpak of 2016": ("kaa", _by(_KARAKALPAK_LATIN)),
    "Russian spelling of Bashkir and Karakalpak": (
        "ba kaa",
        _by({**_RUSSIAN["tt"], **_RUSSIAN["kk"], "ыу": "ыв", "ў": "в"}),
    ),
    "Russian spelling of Tatar and Bashkir with у for ө": (
        "tt ba",
        _by({**_RUSSIAN["tt"], "ө": "у", "җ": "ж", "һ": "г"}),
    ),
    "Russian spelling of Dungan": ("dng", _by({"ә": "э", "җ": "ж", "ў": "у", "ү": "у", "ң": "н"})),
    "Russian spelling of Azerbaijani in Cyrillic": (
        "azc",
        _by({"ҹ": "дж", "ә": "а", "ј": "й", "ҝ": "г", "һ": "г", "ү": "ю", "ө": "е"}),
    ),
    "Russian spelling of Turkmen": ("tk", _by(_FROM_TURKMEN)),
    "Azerbaijani as passports write it in English": ("az", _by(_AZERI_ENGLISH)),
    "Turkmen as passports write it in English": ("tk", _by(_TURKMEN_ENGLISH)),
    "in capitals, with a dot over I where Turkic alphabets have it": (
        "az azc kaa dng tk",
        lambda word: word.replace("i", "İ").upper(),
    ),
    "letters of another keyboard": ("kk uz ky", lambda word: "".join(_KEYBOARD.get(x, x) for x in word)),
    "е for ё": ("ru uz tg", lambda word: word.replace("ё", "е")),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons' (family name, given name) with one date of birth, by which rule, and whether they are one."""

    one: Person
    other: Person
    rule: str
    same: bool


def pairs() -> list[Pair]:
    """The whole set, the same at every call."""
    dice = random.Random(SEED)  # noqa: S311  no secret
    return [*_positives(dice), *_negatives(dice)]


def _people(language: str, dice: random.Random, count: int) -> list[Person]:
    family, given = (words.split() for words in STEMS[language])
    every = [(one, other) for one in family for other in given]
    return dice.sample(every, min(count, len(every)))


def _positives(dice: random.Random) -> Iterator[Pair]:
    for rule, (languages, rewrite) in RULES.items():
        for language in languages.split():
            for person in _people(language, dice, 30):
                yield Pair(person, (rewrite(person[0]), rewrite(person[1])), rule, True)
    for language in STEMS:
        for family, given in _people(language, dice, 12):
            yield Pair((family, given), (given, family), "family and given name changed places", True)
            yield Pair(
                (family, given), (_slip(family, dice), given), "one letter wrong in the family name", True
            )


def _slip(word: str, dice: random.Random) -> str:
    """One letter left out, doubled, or changed places with its neighbour; short words stay whole."""
    if len(word) < 6:
        return word
    place = dice.randrange(1, len(word) - 2)
    kind = dice.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


#: Different persons whose names are near one another.
NEAR: tuple[tuple[Person, Person], ...] = (
    (("Каримов", "Ҳасан"), ("Каримов", "Ҳусан")),
    (("Каримова", "Фотима"), ("Каримова", "Зуҳра")),
    (("Ахмедов", "Алишер"), ("Ахметов", "Алишер")),
    (("Алиев", "Руслан"), ("Валиев", "Рустам")),
    (("Нурланов", "Ерлан"), ("Нурланов", "Нурлан")),
    (("Қасымов", "Айгүл"), ("Қасымов", "Айнұр")),
    (("Жумабаев", "Азамат"), ("Жумабаев", "Азиз")),
    (("Ким", "Анна"), ("Ким", "Инна")),
    (("Иванова", "Мария"), ("Иванова", "Марина")),
    (("Саидов", "Фаррух"), ("Саидов", "Фирӯз")),
)


def _negatives(dice: random.Random) -> Iterator[Pair]:
    for pair in NEAR:
        yield Pair(*pair, "near names of two persons", False)
    languages = list(STEMS)
    for language in languages:
        family, given = (words.split() for words in STEMS[language])
        for _each in range(45):
            one, other = dice.sample(given, 2)
            name = dice.choice(family)
            yield Pair((name, one), (name, other), "twins: one family name, two given names", False)
            first, second = dice.sample(family, 2)
            yield Pair((first, one), (second, one), "namesakes: two family names, one given name", False)
    for _each in range(400):
        persons = [_people(language, dice, 1)[0] for language in dice.choices(languages, k=2)]
        if persons[0] != persons[1]:
            yield Pair(persons[0], persons[1], "two persons at random", False)
