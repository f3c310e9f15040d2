"""One search for every list of referrals: it finds what the reader may see of them, and no more.

A text is a referral's number, wherever in it that stands; else a diagnosis' code; else all of it is meant: names of the
patient in any order, a date or a year of birth, numbers and telephones, and the names and places of a hospital.
Whatever is found by the patient or the diagnosis is found where the reader may read those alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import zones
from core.actors import Actor
from core.listed import Listed
from core.permissions import Permission
from core.walls.session import reaching
from facilities.lookups.directory import says, words_of
from facilities.lookups.icd10_query import Icd10Query
from facilities.lookups.icd10_query import understand as understand_diagnosis
from facilities.models import Facility, Icd10
from patients import search as patients
from patients.asked import Asked, understand
from patients.known import with_own_number
from patients.lookup import matching
from patients.models import ContactStatement, Identifier, Patient, Registration, SearchWord, may_be_born
from patients.search import Likeness
from referrals import access
from referrals.bodies import decides_somewhere
from referrals.models import FormerHost, Referral

MAX_LENGTH: Final = 100
_FIRST_YEAR: Final = 2026
#: Letters and digits that are typed for those of a number.
_LOOK_ALIKE: Final = str.maketrans("КЗУГОІ", "KZUGOI")
_DASHES: Final = r"[\s\-‐‑‒–—−_./№]*"
_NUMBER: Final = re.compile(
    rf"(?<![A-ZА-Я0-9])(K{_DASHES}[ZG]|U{_DASHES}Z){_DASHES}([0-9O]{{2}}){_DASHES}([0-9O]{{6}})(?![0-9])"
)
_YEAR_AND_SERIAL: Final = re.compile(r"(?<![0-9])([0-9]{2})[\-‐‑‒–—−/ ]([0-9]{6})(?![0-9])")
_SERIAL: Final = re.compile(r"[№#\s]*([0-9]{1,6})")
_COUNTRIES: Final = ("KZ", "KG", "UZ")
_BEGINS_A_CODE: Final = re.compile(r"[A-Za-zА-Яа-яІіҮүҺһЅѕЈј]\s?[0-9]{2}")
_CODES: Final = 100
MOST_KEPT: Final = 500
"""So many that were found are looked for once."""


def numbers_in(text: str) -> list[str]:
    """The referral's numbers that stand in a text: with any dashes or none, in either script; KZ-26-004817."""
    plain = unicodedata.normalize("NFKC", text[:1000].replace("№", " ")).upper().translate(_LOOK_ALIKE)
    found = [
        f"{re.sub('[^A-Z]', '', country)}-{year}-{serial}".replace("O", "0")
        for country, year, serial in _NUMBER.findall(plain)
    ]
    return list(dict.fromkeys(found))


def keys_of(text: str, country: str) -> list[UUID]:
    """The keys of the referrals whose numbers stand in a text, of those that leave or enter a country.

    For its auditors, who read what was done to a referral and never the referral.
    """
    numbers = numbers_in(text)
    if not numbers:
        return []
    with reaching("identity"):
        rows = Referral.objects.filter(
            Q(directing_country_id=country) | Q(host_country_id=country), number__in=numbers
        )
        return list(rows.order_by("pk").values_list("pk", flat=True))


def found(rows: Listed[Referral], text: str, actor: Actor) -> Listed[Referral]:
    """Those of the rows that the text means, for a reader who may see all of them.

    Only where no name is spelled as it was typed, names that sound so are meant, and then those one letter off.
    """
    text = text.strip()[:MAX_LENGTH]
    if not text:
        return rows
    own = _own_numbers(text, actor)
    if numbers := numbers_in(text):
        return _kept(rows, _any_of(rows, [Q(number__in=numbers), *own]))[0]
    nearest = rows
    for likeness in Likeness:
        nearest, number = _kept(rows, _any_of(rows, [*own, *_readings(text, actor, likeness)]))
        if number or not any(char.isalpha() for char in text):
            break
    return nearest


def _kept(rows: Listed[Referral], wanted: Listed[Referral]) -> tuple[Listed[Referral], int]:
    """The same as a list, and how many of it were looked for.

    Few are looked for once, since a page asks for its part of them, and for how many stand in each other part.
    """
    keys = wanted.some(MOST_KEPT + 1)
    return (wanted if len(keys) > MOST_KEPT else rows.narrowed(Q(pk__in=keys))), len(keys)


def _any_of(rows: Listed[Referral], readings: Iterable[Q]) -> Listed[Referral]:
    branches = (branch.filter(reading) for reading in readings for branch in rows.branches)
    return Listed(tuple(branches), rows.order)


def _own_numbers(text: str, actor: Actor) -> list[Q]:
    """The text as the number that the reader's own organisation gave the referral, or the patient, in its system."""
    if actor.organisation_id is None:
        return []
    found = []
    if numbered := access.with_record_number(actor, text):
        found.append(Q(pk=numbered))
    if known := with_own_number(actor, text):
        found.append(Q(patient_id__in=known) & access.seen_clinically(actor))
    return found


def former(rows: QuerySet[FormerHost], text: str) -> QuerySet[FormerHost]:
    """What a former host keeps, by the little that it says: a referral's number and the directing hospital."""
    text = text.strip()[:MAX_LENGTH]
    if not text:
        return rows
    if numbers := numbers_in(text) or _serials(text):
        return rows.filter(number__in=numbers)
    return rows.filter(directing_facility_id__in=_hospitals(words_of(text)))


def _readings(text: str, actor: Actor, likeness: Likeness) -> Iterator[Q]:
    """A condition for each way in which the text may be meant."""
    if serials := _serials(text):
        yield Q(number__in=serials)
    clinical = access.seen_clinically(actor)
    codes = _diagnoses(text)
    if codes:
        yield Q(diagnosis_id__in=codes) & clinical
    for asked in understand(text):
        for person in _persons(asked, actor, likeness):
            yield person & clinical
    words = words_of(text)
    if hospitals := _hospitals(words):
        yield from _at_one_of(hospitals)
    elif len(words) > 1 and not codes:
        yield from _both(text, actor, likeness, clinical)


def _both(text: str, actor: Actor, likeness: Likeness, clinical: Q) -> Iterator[Q]:
    """Names and a hospital's words side by side: what no hospital is called is the patient's."""
    of_hospitals = [word for word in text.split() if (keys := words_of(word)) and _hospitals(keys, 1)]
    others = [word for word in text.split() if word not in of_hospitals]
    hospitals = _hospitals(words_of(" ".join(of_hospitals))) if of_hospitals and others else []
    if hospitals:
        for asked in understand(" ".join(others)):
            for person in _persons(asked, actor, likeness):
                for place in _at_one_of(hospitals):
                    yield person & clinical & place


def _serials(text: str) -> list[str]:
    """The numbers that a serial stands for, alone or behind its year: of each country, of each year so far."""
    if match := _YEAR_AND_SERIAL.search(text):
        return [f"{country}-{match[1]}-{match[2]}" for country in _COUNTRIES]
    if match := _SERIAL.fullmatch(text):
        years = range(_FIRST_YEAR % 100, zones.today().year % 100 + 2)
        return [f"{country}-{year:02d}-{match[1]:0>6}" for country in _COUNTRIES for year in years]
    return []


def _diagnoses(text: str) -> list[str]:
    """The codes of ICD-10 that the text means: its own code with all that is finer.

    A Cyrillic letter that looks like a code's is taken for it here, where a list shows what was found.
    """
    if not _BEGINS_A_CODE.match(text):
        return []
    query: Icd10Query = understand_diagnosis(text)
    code = (query.did_you_mean[0] if query.did_you_mean else query.code).upper()
    if not code:
        return []
    finer = Icd10.objects.filter(code__gte=code, code__lt=f"{code}~").order_by("pk")
    return list(finer.values_list("code", flat=True)[:_CODES])


def _hospitals(words: Sequence[str], most: int = 1000) -> list[int]:
    """The facilities with a word in their names and places, in any language, that begins with each of `words`."""
    if not words:
        return []
    rows = Facility.objects.all()
    for word in words:
        rows = rows.filter(says(word))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])


def _at_one_of(hospitals: Sequence[int]) -> tuple[Q, Q]:
    """An index serves either, and none both."""
    return Q(host_facility_id__in=hospitals), Q(directing_facility_id__in=hospitals)


def _persons(asked: Asked, actor: Actor, likeness: Likeness) -> Iterator[Q]:
    """The referrals of whoever is meant: a condition for each way in which an index finds them.

    The patients are found first, and by their keys what they were referred for: left to itself PostgreSQL goes through
    a list of a million for the few who are on it.
    """
    keys = _patients(asked, actor, likeness)
    if not keys:
        return
    wanted = Q(patient_id__in=keys)
    if asked.numbers:
        yield wanted & Q(Exists(_numbered(asked.numbers)))
    elif asked.phones:
        yield wanted & Q(Exists(_reached(asked.phones)))
        yield wanted & Q(Exists(_stated(asked.phones)))
    else:
        yield wanted


def _patients(asked: Asked, actor: Actor, likeness: Likeness) -> list[UUID]:
    """Who is meant of all whom the actor may come across at all, at most `patients.MOST_COMPARED`."""
    rows = Patient.objects.order_by()
    if asked.numbers:
        owners = Identifier.objects.filter(matching((system, "", value) for system, value in asked.numbers))
        rows = rows.filter(pk__in=_first(owners))
    elif asked.phones:
        indexes = patients.indexes_of(asked.phones)
        stated = ContactStatement.objects.filter(phone_index__in=indexes, replaced_by__isnull=True)
        reached = Patient.objects.filter(phone_index__in=indexes).order_by().values_list("pk", flat=True)
        rows = rows.filter(pk__in=[*_first(stated), *reached[: patients.MOST_COMPARED]])
    elif not asked.words:  # a day of birth alone
        rows = rows.filter(
            Exists(SearchWord.objects.filter(_scope(actor), patient_id=OuterRef("pk"), word=""))
        )
    if asked.born:
        rows = rows.filter(may_be_born(asked.born))
    if asked.words:
        rows = rows.filter(pk__in=patients.named(_scope(actor), asked.words, likeness))
    found = rows.values_list("pk", "search_key")[: patients.MOST_COMPARED]
    if likeness is Likeness.SPELLED or not asked.words:
        return [pk for pk, _search_key in found]
    return [pk for pk, search_key in found if patients.likeness_of(asked.words, search_key, likeness)]


def _first(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by().values_list("patient_id", flat=True)[: patients.MOST_COMPARED])


def _scope(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    own = Q(pk__in=())
    if actor.has(Permission.FILE_REFERRALS) or actor.has(Permission.HOST):
        own |= patients.at(actor.organisation_id)
    if decides_somewhere(actor):
        own |= patients.within(actor.country)
    return own


# Each is a condition of its own and never one side of an “or”: so the few patients are found first, and theirs then.
# What the directing hospital doesn't know of a patient no case of its shows, and nobody finds the case by it.
def _numbered(numbers: Iterable[tuple[str, str]]) -> QuerySet[Identifier]:
    of_the_patient = Identifier.objects.filter(
        matching((system, "", value) for system, value in numbers), patient_id=OuterRef("patient_id")
    )
    return of_the_patient.filter(_recorded_there | Q(Exists(_covering(Registration.Part.NUMBERS))))


def _reached(phones: Sequence[str]) -> QuerySet[Patient]:
    of_the_patient = Patient.objects.filter(
        phone_index__in=patients.indexes_of(phones), pk=OuterRef("patient_id")
    )
    there = {"patient_id": OuterRef("pk"), "recorder_id": OuterRef(OuterRef("directing_facility_id"))}
    unstated = ~Q(Exists(ContactStatement.objects.filter(**there)))
    covered = Q(Exists(_covering(Registration.Part.CONTACT, patient="pk")))
    return of_the_patient.filter(_recorded_there | (covered & unstated))


def _stated(phones: Sequence[str]) -> QuerySet[ContactStatement]:
    return ContactStatement.objects.filter(
        patient_id=OuterRef("patient_id"),
        recorder_id=OuterRef("directing_facility_id"),
        replaced_by__isnull=True,
        phone_index__in=patients.indexes_of(phones),
    )


_recorded_there = Q(recorder_id=OuterRef("directing_facility_id")) | Q(recorder_id__isnull=True)


def _covering(part: Registration.Part, patient: str = "patient_id") -> QuerySet[Registration]:
    return Registration.objects.filter(
        patient_id=OuterRef(patient),
        facility_id=OuterRef(OuterRef("directing_facility_id")),
        covers__contains=[part.value],
        withdrawn_at__isnull=True,
    )
