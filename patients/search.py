"""Looking patients up by words, in one facility's or one country's own part of the index, and by telephone.

What is found here narrows what an access rule gives, and never stands in its place.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, UUIDField, Value

from core.actors import Actor
from patients import blind
from patients.asked import understand
from patients.known import numbers_of
from patients.lookup import matching
from patients.models import ContactStatement, Patient, Registration, SearchWord, may_be_born
from patients.names import SAME_NAME, near_sounds, sound_of, spellings_of, word_likeness
from patients.names.sounds import SOUND

MOST_COMPARED = 1000
"""Names that are compared one by one; of more nobody finds a person by leafing through them."""
_SHORTEST_BEGINNING = 3
_LONG_ENOUGH = 4
_AFTER_Z = "{"


class Likeness(Enum):
    """How near to what was typed a name has to be."""

    SPELLED = "spelled"  # the word, or its beginning
    SOUNDS = "sounds"  # or the same consonants
    NEAR = "near"  # or one consonant off


def named(scope: Q, words: Sequence[str], likeness: Likeness = Likeness.SPELLED) -> QuerySet[SearchWord, Any]:
    """The keys of patients with each of the words, in any order. `scope`: whose rows, see `at` and `within`."""
    found: QuerySet[SearchWord, Any] | None = None
    longest = max(map(len, words))
    for word in sorted(words, key=len):
        rows = SearchWord.objects.filter(scope, _fits(word, likeness, alone=longest < _SHORTEST_BEGINNING))
        rows = rows if found is None else rows.filter(patient_id__in=found)
        found = rows.values("patient_id")
    assert found is not None
    return found


def at(facility_id: Any) -> Q:
    """Where a facility looks."""
    return Q(facility_id=facility_id)


def within(country: Any) -> Q:
    """Where a country's ministry looks."""
    return Q(country_id=country)


def _fits(word: str, likeness: Likeness, *, alone: bool) -> Q:
    spelled = Q(word=word) if alone else Q(word__gte=word, word__lt=word + _AFTER_Z)
    if likeness is Likeness.SPELLED:
        return spelled
    sounds = {sound_of(word)} if likeness is Likeness.SOUNDS else near_sounds(word)
    return spelled | Q(word__in=sorted(sounds | spellings_of(word)))


#: From which likeness (`names.word_likeness`) a word is meant; where a letter is forgiven, one of four may be wrong.
_LEAST: Final = {Likeness.SPELLED: SAME_NAME, Likeness.SOUNDS: SAME_NAME, Likeness.NEAR: 0.7}


def likeness_of(words: Iterable[str], search_key: str, likeness: Likeness = Likeness.SOUNDS) -> float:
    """0 to 1: how like its nearest word of a patient's name each of the words is; 0 where one is like none."""
    own = [word for word in search_key.split() if not word.startswith(SOUND)]
    total, number = 0.0, 0
    for word in words:
        best = max((1.0 if word == one else _likeness(word, one) for one in own), default=0.0)
        if best < _LEAST[likeness]:
            return 0.0
        total, number = total + best, number + 1
    return total / number if number else 1.0


def _likeness(word: str, own: str) -> float:
    """Of a word and one of a name's own, or the beginning of it."""
    if own.startswith(word):
        return 0.99
    begun = word_likeness(word, own[: len(word)]) - 0.05 if len(word) >= _LONG_ENOUGH else 0.0
    return min(0.98, max(word_likeness(word, own), begun))


def named_like(scope: Q, words: Sequence[str], likeness: Likeness) -> list[UUID]:
    """The patients whose names are like the words, at most `MOST_COMPARED`."""
    rows = Patient.objects.filter(pk__in=named(scope, words, likeness))
    keys = rows.values_list("pk", "search_key")[:MOST_COMPARED]
    return [pk for pk, search_key in keys if likeness_of(words, search_key, likeness)]


def likeliest(rows: QuerySet[Patient], text: str, actor: Actor, likeness: Likeness) -> list[UUID]:
    """Those of the rows that a text may mean, by names, numbers, telephones and births, the likeliest first."""
    scope = Q() if actor.is_system else at(actor.organisation_id)
    found: dict[UUID, tuple[float, str]] = {}
    for asked in understand(text):
        fitting = rows
        if asked.numbers:
            # One statement, whether or not somebody elsewhere has the number.
            owners = numbers_of(actor).filter(
                matching((system, "", value) for system, value in asked.numbers)
            )
            fitting = fitting.filter(pk__in=owners.values("patient_id"))
        elif asked.phones:
            fitting = fitting.filter(reached_by(actor, asked.phones))
        if asked.born:
            fitting = fitting.filter(may_be_born(asked.born))
        if asked.words:
            fitting = fitting.filter(pk__in=named(scope, asked.words, likeness))
        for pk, name_key, search_key in fitting.values_list("pk", "name_key", "search_key")[:MOST_COMPARED]:
            if like := likeness_of(asked.words, search_key, likeness):
                found[pk] = max(found.get(pk, (0.0, "")), (like, name_key))
    return sorted(found, key=lambda pk: (-found[pk][0], found[pk][1], pk))


def in_this_order(rows: QuerySet[Patient], keys: Sequence[UUID]) -> QuerySet[Patient]:
    """These of the rows, in the order of the keys."""
    if not keys:
        return rows.none().order_by("pk")
    order = Value(list(keys), ArrayField(UUIDField()))
    place = Func(order, F("pk"), function="array_position", output_field=IntegerField())
    return rows.filter(pk__in=keys).annotate(place=place).order_by("place", "pk")


def indexes_of(phones: Iterable[str]) -> list[str]:
    """By what these telephones are found, which lie encrypted."""
    return [index for phone in phones for index in blind.phone_indexes(phone)]


def reached_by(actor: Actor, phones: Sequence[str]) -> Q:
    """The patients whose telephone is one of these, as far as the facility knows it."""
    on_the_record = Q(phone_index__in=(indexes := indexes_of(phones)))
    if actor.is_system:
        return on_the_record
    own = actor.organisation_id
    statements = ContactStatement.objects.filter(recorder_id=own, replaced_by__isnull=True)
    here = statements.filter(phone_index__in=indexes).order_by("pk")
    recorded_here = Q(recorder_id=own) | Q(recorder_id__isnull=True)
    covering = Registration.objects.filter(
        patient_id=OuterRef("pk"),
        facility_id=own,
        covers__contains=[Registration.Part.CONTACT],
        withdrawn_at__isnull=True,
    )
    elsewhere = Q(Exists(covering)) & ~Q(Exists(statements.filter(patient_id=OuterRef("pk"))))
    return Q(on_the_record, recorded_here | elsewhere) | Q(
        pk__in=list(here.values_list("patient_id", flat=True))
    )
