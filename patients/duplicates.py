"""Who may be the same person: the question before a patient is registered. It looks at the actor's own facility alone.

Whether another facility knows a number, or a name, is nobody's to learn from a registration: only
`actions.link_patient` looks there, with a ground.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import Q, QuerySet

from core.actors import Actor
from core.partial import PartialDate
from patients.access import visible_patients
from patients.known import numbers_of
from patients.lookup import matching
from patients.models import Patient, may_be_born
from patients.names import SAME_NAME, alike, match_key


@dataclass(frozen=True)
class Candidate:
    """A patient of the actor's facility who may be the one being registered.

    `reason`: identifier, birth_date, birth_date_swapped (day and month changed places), birth_partial (of one of the
    two dates only a part is known, and it agrees) or birth_year.
    """

    patient: Patient
    reason: str


@dataclass(frozen=True)
class Duplicates:
    """What `likely_duplicates` found: patients of the actor's own facility, the likeliest first."""

    here: tuple[Candidate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.here)


#: What is said of a person that the question about a second record rests on.
ASKED = ("family_name", "given_name", "patronymic", "birth_date")
#: The first half of the key of the lock under which a facility registers; the second is the facility's own key.
_REGISTERING = 0x50415449
LEAST_SIMILAR = 0.45
"""Trigram similarity (0 to 1, pg_trgm's word similarity) from which a name is worth comparing."""
MOST_CANDIDATES = 10
MOST_COMPARED = 500
# How alike family and given name must be (0 to 1, `names.alike`), by how the date agrees: with the same date another
# office's spelling and a wrong letter still ask; with the same year only, names must nearly be equal, or every
# namesake of that year would be shown.
LEAST_ALIKE = {"birth_date": SAME_NAME, "birth_date_swapped": 0.87, "birth_partial": 0.87, "birth_year": 0.93}


def likely_duplicates(
    actor: Actor,
    *,
    family_name: str,
    given_name: str,
    birth_date: date | PartialDate | None,
    patronymic: str = "",
    identifiers: Iterable[tuple[str, str, str]] = (),
    other_than: UUID | None = None,
) -> Duplicates:
    """Patients who may be the same person. `identifiers`: (system, country, normalised value).

    `other_than` is the record that is being changed. Until the caller's transaction ends, nobody else at the facility
    asks or registers: of two clerks in the same second the second one is asked about the first one's patient.

    By number exactly; by family and given name together with a date of birth that is equal, has day and month
    swapped, of which a part is known that agrees, or that lies in the same year. Patronymics only speak against,
    when both are known: documents drop them.
    """
    _one_at_a_time(actor)
    wanted = list(identifiers)
    listed = visible_patients(actor).exclude(pk=other_than) if other_than else visible_patients(actor)
    listed = listed.select_related("residence_district__parent")
    by_number = {}
    if wanted:  # one statement, whether or not somebody elsewhere has the number
        owners = numbers_of(actor).filter(matching(wanted)).values("patient_id")
        by_number = {patient.pk: patient for patient in listed.filter(pk__in=owners)}
    here = [Candidate(patient, "identifier") for patient in by_number.values()]
    born = None if birth_date is None else PartialDate.of(birth_date)
    if born is not None:
        name = (family_name, given_name)
        here += [
            Candidate(patient, reason)
            for patient, reason in _same_name(listed, name, patronymic, born)
            if patient.pk not in by_number
        ]
    return Duplicates(tuple(here[:MOST_CANDIDATES]))


def second_records(actor: Actor, patient: Patient) -> Duplicates:
    """Other records of the actor's facility that may be the same person. Holds nobody up: nothing is written next."""
    if patient.born is None:
        return Duplicates()
    listed = visible_patients(actor).exclude(pk=patient.pk).select_related("residence_district__parent")
    name = (patient.family_name, patient.given_name)
    found = _same_name(listed, name, patient.patronymic, patient.born)
    return Duplicates(tuple(Candidate(one, reason) for one, reason in found[:MOST_CANDIDATES]))


def said_anew(patient: Patient, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """What `likely_duplicates` is asked with once these changes stand; None where they say nobody else."""
    now: dict[str, Any] = {name: getattr(patient, name) for name in ASKED} | {"birth_date": patient.born}
    said = {name: changes.get(name, value) for name, value in now.items()}
    if said["birth_date"] is not None:
        said["birth_date"] = PartialDate.of(said["birth_date"])
    return said if said != now else None


def _one_at_a_time(actor: Actor) -> None:
    """Wait for whoever registers at the actor's facility now, until the end of their transaction and then of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_REGISTERING, actor.organisation_id or 0])


def _same_name(
    listed: QuerySet[Patient], name: tuple[str, str], patronymic: str, born: PartialDate
) -> list[tuple[Patient, str]]:
    """(patient, reason), the likeliest first. The date narrows first, so names may be compared one by one."""
    if not match_key(*name):
        return []
    close = may_be_born(born) if born.is_whole else Q(pk__in=())
    if swapped := _swapped(born):
        close |= Q(birth_date=swapped, birth_precision="day")
    likely = [*listed.filter(close).order_by("pk")[:MOST_COMPARED]]
    # Of a whole year the index of names chooses; namesakes of that year must nearly be equal anyway.
    same_year = listed.filter(birth_date__year=born.first.year).exclude(pk__in=[one.pk for one in likely])
    near = same_year.annotate(similarity=TrigramWordSimilarity(match_key(*name), "name_key"))
    likely += near.filter(similarity__gte=LEAST_SIMILAR).order_by("-similarity", "pk")[: MOST_CANDIDATES * 5]
    found = []
    for patient in likely:
        reason = _date_reason(patient.born, born)
        likeness = alike((patient.family_name, patient.given_name), name)
        if likeness < LEAST_ALIKE[reason]:
            continue
        if reason == "birth_date" or _may_be_same_patronymic(patient.patronymic, patronymic):
            found.append((list(LEAST_ALIKE).index(reason), -likeness, patient, reason))
    return [(patient, reason) for *_order, patient, reason in sorted(found, key=lambda row: row[:2])]


def _may_be_same_patronymic(one: str, other: str) -> bool:
    """False only when both are known and plainly differ."""
    keys = match_key(one), match_key(other)
    return not all(keys) or SequenceMatcher(None, *keys).ratio() >= 0.6


def _date_reason(known: PartialDate | None, entered: PartialDate) -> str:
    if known is None:
        return "birth_year"
    if known.is_whole and entered.is_whole:
        if known == entered:
            return "birth_date"
        return "birth_date_swapped" if known.first == _swapped(entered) else "birth_year"
    return "birth_partial" if known.may_be(entered) else "birth_year"


def _swapped(born: PartialDate) -> date | None:
    """The day with day and month in each other's place; None where there is none, or it is the same."""
    day = born.first
    if not born.is_whole or day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)
