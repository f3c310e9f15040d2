"""The search of diagnoses."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from facilities.lookups.icd10_query import parents_of, spellings, stem, understand
from facilities.lookups.icd10_said import SYNONYMS, Said, said
from facilities.models import Icd10

MIN_ALIKE = 4
"""Shorter words have too few trigrams to be alike to anything in particular."""
LEAST_ALIKE = 0.55
"""What a word adds at the least, on average, 0 to 1: 1 if it stands in the title, else pg_trgm's word similarity."""
LEAST_OF_ONE = 0.3
"""Of two words or one, what the other adds at the least."""


@dataclass(frozen=True, slots=True)
class Icd10Search:
    """Found diagnoses, best first.

    For a code that was typed with a wrong letter `rows` is empty: `did_you_mean` lists the codes that may
    have been meant and `meant` their diagnoses, for the person to choose from, never to be taken silently.
    """

    rows: list[Icd10] = field(default_factory=list)
    did_you_mean: tuple[str, ...] = ()
    meant: list[Icd10] = field(default_factory=list)


def search_icd10(text: str, limit: int = 20) -> Icd10Search:
    """Categories and subcategories by a code, by what clinicians say, or by words in English or Russian.

    A code that ICD-10 doesn't divide so finely finds what it divides (C50.911 finds C50.9). Rows whose titles have all
    words come before what an abbreviation or an everyday word means, unless it says all there is. Slips of the pen are
    looked for where nothing else is found. At most three queries.
    """
    query = understand(text)
    if query.did_you_mean:
        return Icd10Search(did_you_mean=query.did_you_mean, meant=_starting(query.did_you_mean)[:limit])
    if query.code and (rows := _by_code(query.code.upper())):
        return Icd10Search(rows[:limit])
    if not query.words:
        return Icd10Search()
    meant = said(text)
    rows = [] if meant and not meant.others else _by_words(query.words, limit)
    if meant is None and not rows:
        meant = said(text, slips=True)
    if meant:
        known = {row.pk for row in rows}
        rows += [row for row in _of_what_is_said(meant) if row.pk not in known]
    return Icd10Search(rows[:limit] or _nearly(query.words, limit))


def _selectable() -> QuerySet[Icd10]:
    return Icd10.objects.filter(level__in=Icd10.SELECTABLE).defer("loaded_values").order_by("pk")


def _starting(codes: Collection[str]) -> list[Icd10]:
    condition = Q()
    for code in codes:
        condition |= Q(pk__startswith=code)
    return list(_selectable().filter(condition))


def _by_code(code: str) -> list[Icd10]:
    """All that starts so; else the finest that exists of what is finer than it, with what that is divided into."""
    rows = _starting([code[:3]])
    for start in parents_of(code) or [code]:
        if found := [row for row in rows if row.code.startswith(start)]:
            return found
    return []


def _of_what_is_said(meant: Said) -> list[Icd10]:
    """Rows with the other words in their titles first; the codes themselves in their order, then what they divide."""

    def place(row: Icd10) -> tuple[int, bool, int, str]:
        lacking = sum(not _stands_in(word, row.search) for word in meant.others)
        nearest = max((code for code in meant.codes if row.code.startswith(code)), key=len)
        return lacking, row.code != nearest, meant.codes.index(nearest), row.code

    return sorted(_starting(meant.codes), key=place)


def _stands_in(word: str, search: str) -> bool:
    if len(word) == 1:
        return any(f" {spelling} " in search for spelling in spellings(word))
    return f" {stem(word)}" in search


def _by_words(words: tuple[str, ...], limit: int) -> list[Icd10]:
    """Rows with all the words in their titles: whole ones first, then with words that start so, then other forms.

    Of equals the shorter titles come first.
    """
    wholes, starts, forms = Q(), Q(), Q()
    for word in words:
        whole, start, form = Q(), Q(), Q()
        for spelling in (*spellings(word), *SYNONYMS.get(word, "").split()):
            whole |= Q(search__contains=f" {spelling} ")
            start |= Q(search__contains=f" {spelling}")
            form |= Q(search__contains=f" {stem(spelling)}")
        wholes, starts, forms = wholes & whole, starts & start, forms & form
    tiers = [wholes, starts & ~wholes, forms & ~starts]
    first, *others = [
        _selectable()
        .filter(condition)
        .annotate(tier=Value(tier, IntegerField()), size=Length("search"))
        .order_by("size", "pk")[:limit]
        for tier, condition in enumerate(tiers)
    ]
    # PostgreSQL starts on the next tier only when those before don't fill the limit.
    found = list(first.union(*others, all=True)[:limit])
    return sorted(found, key=lambda row: (row.tier, row.size, row.pk))  # type: ignore[attr-defined]


def _nearly(words: tuple[str, ...], limit: int) -> list[Icd10]:
    """Rows whose titles have words like most of these, the likest first."""
    long = [word for word in words if len(word) >= MIN_ALIKE]
    if not long:
        return []
    score: Any = Value(0.0)
    some = Q()  # found by the index
    for word in long:
        there = Q(search__contains=f" {stem(word)}")
        some |= there | Q(search__trigram_word_similar=word)
        score += Case(When(there, then=Value(1.0)), default=TrigramWordSimilarity(word, "search"))
    # Of two words none may lack, of more one.
    least = LEAST_ALIKE * len(long) if len(long) > 2 else len(long) - 1 + LEAST_OF_ONE
    rows = _selectable().filter(some).annotate(score=score, size=Length("search")).filter(score__gte=least)
    return list(rows.order_by("-score", "size", "pk")[:limit])
