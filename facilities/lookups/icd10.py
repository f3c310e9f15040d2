"""The search of diagnoses."""

from dataclasses import dataclass, field

from django.db.models import IntegerField, Q, QuerySet, Value

from facilities.lookups.icd10_query import SYNONYMS, stem, understand
from facilities.models import Icd10

MIN_ALIKE = 4


@dataclass(frozen=True, slots=True)
class Icd10Search:
    """Found diagnoses, best first.

    For a code that was typed with a Cyrillic letter `rows` is empty: `did_you_mean` lists the codes that may
    have been meant and `meant` their diagnoses, for the person to choose from, never to be taken silently.
    """

    rows: list[Icd10] = field(default_factory=list)
    did_you_mean: tuple[str, ...] = ()
    meant: list[Icd10] = field(default_factory=list)


def search_icd10(text: str, limit: int = 20) -> Icd10Search:
    """Categories and subcategories by the start of a code or by words in English or Russian (one query).

    All words must match: first rows with words that start so; then, while those don't fill `limit`, rows with
    other forms of the words; then rows with words that are alike (slips of the pen).
    """
    query = understand(text)
    if query.did_you_mean:
        return Icd10Search(did_you_mean=query.did_you_mean, meant=_by_codes(query.did_you_mean, limit))
    if query.code:
        return Icd10Search(_by_codes((query.code.upper(),), limit))
    if query.words:
        return Icd10Search(_by_words(query.words, limit))
    return Icd10Search()


def _selectable() -> QuerySet[Icd10]:
    return Icd10.objects.filter(level__in=Icd10.SELECTABLE).defer("search", "loaded_values").order_by("pk")


def _by_codes(codes: tuple[str, ...], limit: int) -> list[Icd10]:
    condition = Q()
    for code in codes:
        condition |= Q(pk__startswith=code)
    return list(_selectable().filter(condition)[:limit])


def _by_words(words: tuple[str, ...], limit: int) -> list[Icd10]:
    starts, forms, alike = Q(), Q(), Q()
    for word in words:
        start, form = Q(search__contains=f" {word}"), Q(search__contains=f" {stem(word)}")
        if word in SYNONYMS:
            said_otherwise = Q(search__contains=f" {SYNONYMS[word]}")
            start, form = start | said_otherwise, form | said_otherwise
        starts, forms = starts & start, forms & form
        # Shorter words have too few trigrams to be alike to anything in particular.
        alike &= form | Q(search__trigram_word_similar=word) if len(word) >= MIN_ALIKE else form
    tiers = [starts, forms & ~starts, alike & ~forms]
    first, *others = [
        _selectable().filter(condition).annotate(tier=Value(tier, IntegerField()))[:limit]
        for tier, condition in enumerate(tiers)
    ]
    # PostgreSQL starts on the next tier only when those before don't fill the limit.
    found = list(first.union(*others, all=True)[:limit])
    return sorted(found, key=lambda row: (row.tier, row.pk))  # type: ignore[attr-defined]
