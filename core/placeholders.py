"""What people type into a field for “there is none” or “I don’t know”: words, dashes, zeros, one letter over and over.

In a field that says who somebody is, or where, such a text would be read as the answer and found by nobody. Pure, so
that numbers, names, telephones and free text ask the same list. Whether a field may stay empty, and so what to say, is
the caller's: an answer to a question may well be “no”, and isn't asked here.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Small Cyrillic letters that look like Latin ones: “нeт” with a Latin e is a “нет”.
_LOOK_ALIKE: Final = str.maketrans("авекмнорстухіѕј", "abekmhopctyxisj")
#: All as `_joined` leaves it: small, without spaces and signs.
_NONE: Final = frozenset(
    (
        *("нет", "нету", "нетникого", "ничего", "никто", "никого", "некому", "отсутствует", "отсутствуют"),
        *("нд", "бн", "безномера", "прочерк", "пусто", "хз", "аноним", "никакой", "никакого"),
        *("no", "none", "na", "nan", "nil", "null", "nobody", "noone", "blank", "empty", "undefined", "void"),
        *("fnu", "lnu", "tbd", "tba", "idk", "asdf", "qwerty", "фыва", "йцукен", "net", "netu"),
        *("жоқ", "жок", "joq", "jok", "zhoq", "zhok", "ешкім", "эчким", "йок", "йоқ"),
        *("йўқ", "йуқ", "йук", "йўк", "yoq", "yuq", "yok", "hechkim", "ҳечким", "нест", "надорад"),
    )
)
_NOT_KNOWN: Final = frozenset(
    (
        *("незнаю", "незнает", "незнаем", "незнают", "непомню", "непомнит", "неимею", "неимеет", "неимеется"),
        *("неприменимо", "нетребуется", "неизвестен", "неизвестный", "неизвестная", "неизвестное"),
        *("unknown", "notknown", "notavailable", "notapplicable", "notgiven", "notspecified", "notstated"),
        *("donotknow", "dontknow", "idontknow", "idonotknow", "tobedetermined"),
        *("белгісіз", "белгисиз", "belgisiz", "білмеймін", "билмеймин", "білмейді", "көрсетілмеген"),
        *("анықталмаған", "билбейм", "билбейт", "көрсөтүлгөнэмес", "көрсөтүлбөгөн", "аныкталганэмес"),
        *("белгилүүэмес", "bilmayman", "bilmaydi", "nomalum", "korsatilmagan", "kiritilmagan"),
        *("aniqlanmagan", "билмайман", "билмайди", "номаълум", "номалум", "кўрсатилмаган", "киритилмаган"),
        *("аниқланмаган", "намедонам"),
    )
)
#: “не указан”, “неизвестна” in each gender.
_NOT_SAID: Final = (
    r"не(?:указан|извест|установлен|определен|предоставлен|заполнен|назван|сообщен)(?:н?[аоы]|ен)?"
)
#: What a field is for, where somebody writes that there is no such thing.
_OF_WHAT_RU: Final = (
    r"(?:данных|информации|сведений|адреса|телефона|номера|отчества|имени|фамилии|документа|документов|паспорта"
    r"|полиса|страховки|ответа|родственников|почты)"
)
_OF_WHAT: Final = (
    r"(?:data|info|information|address|phone|telephone|number|name|surname|patronymic|document|passport"
    r"|insurance|answer|email)"
)
_OF_WHAT_TURKIC: Final = (
    r"(?:мәлімет(?:тер)?|дерек(?:тер)?|мекенжайы?|телефон[ыуи]?|нөмірі?|номери?|аты|тегі|әкесініңаты|маалымат(?:тар)?"
    r"|дареги?|фамилия(?:с[ыи])?|атасынынаты|маъ?лумот(?:лар)?|манзили?|рақами?|исми?|отасинингисми|malumot(?:lar)?"
    r"|manzili?|telefoni?|raqami?|ismi?|familiya(?:si)?|otasiningismi|aty|tegi)"
)
_NO_TURKIC: Final = r"(?:жоқ|жок|йўқ|йуқ|йук|йўк|yoq|joq|jok|zhoq|zhok)"
_PHRASES: Final = re.compile(
    f"{_NOT_SAID}|(?:нет|нету|без){_OF_WHAT_RU}|{_OF_WHAT_RU}нету?|no{_OF_WHAT}|{_OF_WHAT_TURKIC}{_NO_TURKIC}"
)
_MIXED: Final = frozenset(word.translate(_LOOK_ALIKE) for word in _NONE | _NOT_KNOWN)
_NO_SUCH_NAME: Final = re.compile(r"\s*б\s*[/\\]\s*[оиф]\s*", re.IGNORECASE)


def _joined(text: str) -> str:
    """Its letters and digits alone, small: “N/A” as na, “yoʻq” as yoq, “не знаю” as незнаю."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return "".join(sign for sign in text if unicodedata.category(sign) in ("Ll", "Lo", "Nd"))


def says_nothing(text: str) -> bool:
    """Whether a text in which “no” may be the answer is none all the same: dashes, dots, zeros, XXX."""
    said = _joined(text)
    if not said:
        return bool(text.strip())
    if len(set(said)) > 1:
        return False
    return said[0] == "0" or len(said) >= (6 if said.isdigit() else 2 if said[0] in "xх" else 3)


@lru_cache(maxsize=1024)
def stands_for_none(text: str) -> bool:
    """Whether a text says that there is nothing to say: no letter or digit in it, zeros, XXX, or words for it.

    An empty text says nothing at all, and is none of them.
    """
    if not text.strip():
        return False
    said = _joined(text)
    if says_nothing(text):
        return True
    if said in _NONE or said in _NOT_KNOWN or _PHRASES.fullmatch(said):
        return True
    scripts = {unicodedata.name(sign, "")[:5] for sign in said}
    mixed = scripts == {"LATIN", "CYRIL"} and said.translate(_LOOK_ALIKE) in _MIXED
    return mixed or _NO_SUCH_NAME.fullmatch(text) is not None


def names_nobody(text: str) -> bool:
    """Whether a text in which a person is named does no such thing: as above, or without a letter."""
    return bool(text.strip()) and (stands_for_none(text) or not any(map(str.isalpha, text)))


def names_no_place(text: str) -> bool:
    """Whether an address is none: as above, one sign, or one number. “5-12-43” is one in towns of quarters."""
    text = text.strip()
    return bool(text) and (stands_for_none(text) or len(_joined(text)) < 2 or text.isdigit())
