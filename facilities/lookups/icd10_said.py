"""What clinicians say and ICD-10 doesn't: abbreviations and everyday words, each with the codes that it means (pure).

The list (`reference/data/diagnosis_words.csv`) is our own compilation, by no authority.
"""

import csv
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

from core.apostrophes import APOSTROPHES
from facilities.lookups.icd10_query import spellings
from facilities.textsearch import reading_key

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
#: Endings of Russian words in reading keys, the longest first; those of the other languages are among them.
_ENDING = re.compile(
    r"(?<=...)(?:yami|ami|ogo|ego|omu|emu|ymi|imi|yaya|aya|uyu|yah|yam|yu|ya|yy|iy|oy|ey|om|em|am|ah|oe|ee|ye|ie|ov|ev"
    r"|a|e|i|o|u|y)$"
)
MIN_ALIKE = 5
ALIKE = 0.8
"""Ratcliff and Obershelp's ratio from which a word is a slip of the pen for another."""

# One word of a title for another that people say: reading keys of both.
SYNONYMS = {
    "rak": "zlokachestvenn",
    "cancer": "malignan",
    "tumour": "neoplasm",
    "tumor": "neoplasm",
    "opuhol": "novoobrazovan",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The codes that are meant, the likeliest first, and the keys of the words that said something else."""

    codes: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    abbreviations: dict[str, tuple[str, ...]]
    phrases: dict[frozenset[str], tuple[str, ...]]
    words: tuple[str, ...]


def said(text: str, *, slips: bool = False) -> Said | None:
    """What an abbreviation or a phrase in `text` means; None where nothing is known.

    An abbreviation is told by its own letters: ИБС is the heart's disease, IBS that of the bowel. A phrase is found in
    other forms of its words and with others between them, the one of most words first; with `slips` also misspelt.
    """
    table = _table()
    words = _WORD.findall(_letters(text))
    forms = [_form(reading_key(word)) for word in words]
    if slips:
        forms = [_nearest(form, table) for form in forms]
    found = [phrase for phrase in table.phrases if phrase <= set(forms)]
    best = max(found, key=lambda phrase: (len(phrase), sum(map(len, phrase))), default=frozenset())
    short = next((word for word in words if word in table.abbreviations), "")
    if short and len(best) < 2:
        return Said(table.abbreviations[short], _keys([word for word in words if word != short]))
    if best:
        others = [word for word, form in zip(words, forms, strict=True) if form not in best]
        return Said(table.phrases[best], _keys(others))
    return None


def _keys(words: list[str]) -> tuple[str, ...]:
    return tuple(key for word in words for key in reading_key(word).split())


def _form(key: str) -> str:
    """A word without its ending; the Latin double of a lone letter."""
    return _ENDING.sub("", key) if len(key) > 1 else spellings(key)[-1]


def _nearest(form: str, table: _Table) -> str:
    if len(form) < MIN_ALIKE or form in table.words:
        return form
    return next(iter(get_close_matches(form, table.words, n=1, cutoff=ALIKE)), form)


def _letters(text: str) -> str:
    """Lower case, without apostrophes and the points of an abbreviation: `О.Н.М.К.`, `Oʻrvi`."""
    lowered = re.sub(f"[{APOSTROPHES}]", "", text.casefold().replace("ё", "е"))
    return re.sub(r"\b(\w)\.(?=\w\b|\s|$)", r"\1", lowered)


@lru_cache(maxsize=1)
def _table() -> _Table:
    abbreviations, phrases = {}, {}
    file = resources.files("facilities.reference").joinpath("data", "diagnosis_words.csv")
    for row in csv.DictReader(file.read_text("utf-8").splitlines()):
        codes = tuple(row["codes"].split())
        if row["kind"] == "abbreviation":
            abbreviations[_letters(row["said"])] = codes
        else:
            words = _WORD.findall(_letters(row["said"]))
            phrases[frozenset(_form(reading_key(word)) for word in words)] = codes
    every = sorted({word for phrase in phrases for word in phrase if len(word) >= MIN_ALIKE})
    return _Table(abbreviations, phrases, tuple(every))
