"""What somebody typed into the one box for patients: names, numbers, telephones, a date of birth or its year.

One text may be read in several ways: “Ли 1234567” is a passport's number, or a number and a name. All of them are
looked for, and what fits one of them is found.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from core import phones
from core.partial import PartialDate
from patients import identifiers
from patients.names import match_key

MAX_LENGTH: Final = 200
_WHOLE: Final = (
    re.compile(r"(?<![\d.,/-])(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?![\d/-])"),
    re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?![\d-])"),
    re.compile(r"(?<![\d.,/-])(?P<month>\d{1,2})[./](?P<year>\d{4})(?![\d./-])"),
)
_YEAR: Final = re.compile(r"(?P<year>(?:19|20)\d\d)(?:г|г\.р|гр|ж|y)?\.?", re.IGNORECASE)
#: Words beside a number or a date that are no name, without their points.
_NO_NAMES: Final = frozenset(
    (
        *(
            "паспорт",
            "иин",
            "жсн",
            "пинфл",
            "жшшир",
            "инн",
            "пин",
            "номер",
            "удостоверение",
            "тел",
            "телефон",
        ),
        *("моб", "гр", "г", "род", "рожд", "рождения", "года", "год", "др", "т", "ж", "пасп", "iin", "pinfl"),
        *(
            "jshshir",
            "pin",
            "inn",
            "tel",
            "telefon",
            "phone",
            "passport",
            "pasport",
            "no",
            "nr",
            "born",
            "dob",
        ),
    )
)
_LONGEST_SERIES: Final = 5
_TEMPORARY: Final = frozenset({"TMP", "ТМР"})
_FEWEST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading of a text. All of it has to fit: each of `words` (keys of names), `born`, and one of the numbers.

    `numbers` are (system, value) pairs or empty, `phones` in E.164 form or empty: never both.
    """

    words: tuple[str, ...] = ()
    born: PartialDate | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()


def understand(text: str) -> list[Asked]:
    """Every reading of a text; none where nobody can be meant by it, as by a number that is none of a person's."""
    text = " ".join(unicodedata.normalize("NFKC", text[:MAX_LENGTH].replace("№", " ")).split())
    born, rest = _date(text)
    tokens = [token for token in rest.split() if re.search(r"\w", token)]
    figures = [token for token in tokens if _has_digit(token)]
    words = [token for token in tokens if not _has_digit(token)]
    # Letters and digits apart, and a temporary number may have no digit.
    short = text[:3].upper() in _TEMPORARY or all(len(word) <= _LONGEST_SERIES for word in words)
    numbers = _numbers(text) if short else None
    whole = [Asked(numbers=numbers[0], phones=numbers[1])] if numbers else []
    if not figures:
        found = [_with_words(words, born)] if words or born else []
        return _distinct([*whole, *found])
    found = []
    series = _series(tokens)
    for number, names in (
        (" ".join(figures), words),
        (" ".join([*series, *figures]), [word for word in words if word not in series]),
    ):
        if numbers := _numbers(number):
            found.append(_with_words(names, born, *numbers))
    years = [token for token in figures if _YEAR.fullmatch(token)]
    if born is None and years:
        year = _YEAR.fullmatch(years[-1])
        assert year is not None
        others = [token for token in figures if token != years[-1]]
        numbers = _numbers(" ".join(others)) if others else ((), ())
        if numbers:
            found.append(_with_words(words, PartialDate(date(int(year["year"]), 1, 1), "year"), *numbers))
    return _distinct([*whole, *found])


def is_number(text: str) -> bool:
    """Whether a text can only be meant as a number."""
    return _has_digit(text) and not any(one.words or one.born for one in understand(text))


def _with_words(
    words: list[str],
    born: PartialDate | None,
    numbers: tuple[tuple[str, str], ...] = (),
    phones: tuple[str, ...] = (),
) -> Asked:
    names = [word for word in words if word.casefold().replace(".", "").strip(",:;()№#") not in _NO_NAMES]
    keys = match_key(*(re.sub(r"[.,;:()«»\"]+", " ", name) for name in names)).split()
    return Asked(tuple(dict.fromkeys(keys)), born, numbers, phones)


def _distinct(found: list[Asked]) -> list[Asked]:
    """Each once, a reading for the numbers and one for the telephones: an index finds either, and none finds both."""
    single = []
    for one in found:
        if one.numbers and one.phones:
            single += [replace(one, phones=()), replace(one, numbers=())]
        else:
            single.append(one)
    return [one for one in dict.fromkeys(single) if one != Asked()]


def _has_digit(token: str) -> bool:
    return any(letter.isdigit() for letter in token)


def _series(tokens: list[str]) -> list[str]:
    """The letters in front of a document's number: “AB 7654321”."""
    for one, following in pairwise(tokens):
        if not _has_digit(one) and _has_digit(following) and len(one.strip("№#.")) <= _LONGEST_SERIES:
            return [one]
    return []


def _numbers(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]] | None:
    """The numbers of persons that a text may be, and the telephones; None where it is neither."""
    readings = identifiers.readings(text)
    if sum(letter.isdigit() for letter in text) < _FEWEST_DIGITS and not readings:
        return None
    found: list[str] = []
    for region in phones.REGIONS:
        read = phones.read_phone(text, region)
        found += [read.number] if read.number else [one for one in read.likely.split(" / ") if one]
    if not (readings or found):
        return None
    return tuple(readings), tuple(dict.fromkeys(found))


def _date(text: str) -> tuple[PartialDate | None, str]:
    """A date, or a month with its year, in a text, and the text without it."""
    for pattern in _WHOLE:
        for match in pattern.finditer(text):
            said = match.groupdict()
            try:
                first = date(int(said["year"]), int(said["month"]), int(said.get("day") or 1))
            except ValueError:
                continue
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return PartialDate(first, "day" if "day" in said else "month"), rest
    return None, text
