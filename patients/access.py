"""Who may see which patient. Every page and every action asks here.

A facility's clinicians and its own system see the patients registered at that facility. A patient of another
facility doesn't exist for them: the answer is "not known", never "not allowed". Ministries and hosts read
patients only as part of a referral (the referrals app decides that); auditors and administrators read none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Denied, NotKnown
from core.permissions import Permission
from core.prepared import Parameter, lent, prepared, values_of
from facilities.models import AdminUnit, Country, Facility, Organisation
from patients import identifiers as numbers
from patients.lookup import find_owners
from patients.models import Consent, Coverage, Identifier, Patient, Registration
from patients.names import SAME_NAME, alike, match_key


def visible_patients(actor: Actor | None) -> QuerySet[Patient]:
    """The patients that the actor may find and read in the patients pages and API."""
    patients = Patient.objects.all()
    if actor is None:
        return patients.none()
    if actor.is_system:
        return patients
    if not actor.has(Permission.SEE_PATIENTS) or actor.organisation_id is None:
        return patients.none()
    # A subquery on an indexed pair keeps one row a patient without DISTINCT.
    here = Registration.objects.filter(facility_id=actor.organisation_id).values("patient_id")
    return patients.filter(pk__in=here)


def get_visible(actor: Actor | None, patient_id: UUID | str) -> Patient:
    """The patient, or NotKnown when there is none that the actor may know of."""
    try:
        key = patient_id if isinstance(patient_id, UUID) else UUID(patient_id)
    except ValueError:
        key = None
    found = prepared(_one, lent(actor)).first(patient=key, **values_of(actor)) if actor and key else None
    if found is None:
        raise NotKnown(_("There is no such patient at your facility."))
    return found


def _one(actor: Actor) -> QuerySet[Patient]:
    found = visible_patients(actor).filter(pk=Parameter("patient")).order_by()
    return found.select_related("residence_district").defer("residence_district__loaded_values")


def consent_of(actor: Actor, patient_id: UUID, consent_id: int) -> Consent | None:
    """That consent, if the actor may see the patient and the patient gave it."""
    return prepared(_consent, lent(actor)).first(patient=patient_id, consent=consent_id, **values_of(actor))


def _consent(actor: Actor) -> QuerySet[Consent]:
    given = Consent.objects.filter(patient_id__in=_one(actor).values("pk"), pk=Parameter("consent"))
    return given.order_by()


def get_whole(actor: Actor | None, patient_id: UUID | str) -> Patient:
    """``get_visible`` with everything that the patient's page shows, in a constant number of queries."""
    rows = visible_patients(actor).select_related("citizenship", "residence_district__parent__country")
    rows = rows.select_related("residence_district__country").prefetch_related(
        Prefetch("identifiers", Identifier.objects.select_related("country")),
        Prefetch("registrations", Registration.objects.select_related("facility__organisation")),
        Prefetch("coverages", Coverage.objects.select_related("fund")),
        Prefetch("consents", Consent.objects.select_related("recipient_country")),
    )
    try:
        return rows.get(pk=patient_id)
    except (Patient.DoesNotExist, ValidationError):
        raise NotKnown(_("There is no such patient at your facility.")) from None


def can_write(actor: Actor | None) -> bool:
    """Whether the actor may register patients and change their records."""
    return actor is not None and (
        actor.is_system or (actor.has(Permission.WRITE_PATIENTS) and actor.organisation_id is not None)
    )


def require_write(actor: Actor) -> None:
    """Denied unless the actor may register patients and change their records."""
    if not can_write(actor):
        raise Denied(_("Only clinicians of a facility may register patients and change their records."))


def own_facility(actor: Actor) -> Facility:
    """The facility that the actor works for; Denied when the organisation is none."""
    require_write(actor)
    try:
        return Facility.objects.select_related("organisation").get(pk=actor.organisation_id)
    except Facility.DoesNotExist:
        raise Denied(
            _("Your organisation isn’t a facility, so no patient can be registered at it.")
        ) from None


def search_patients(actor: Actor | None, text: str, birth_date: date | None = None) -> QuerySet[Patient]:
    """The actor's patients by any number or by name in either script, the likeliest first.

    Without a text: by date of birth alone, or the latest registered. The rows carry what a list shows.
    """
    rows = _listed(actor, birth_date)
    text = text.strip()
    if not text:
        return rows.order_by("-created_at", "pk")
    readings = numbers.readings(text)
    if readings:
        owners = find_owners((system, "", value) for system, value in readings)
        return rows.filter(pk__in={patient_id for patient_id, *_ in owners}).order_by("name_key", "pk")
    key = match_key(text)
    if not key:
        return rows.none()
    every_word = Q()
    for word in key.split():
        every_word &= Q(name_key__contains=word)
    return (
        rows.filter(every_word | Q(name_key__trigram_word_similar=key))
        .annotate(similarity=TrigramWordSimilarity(key, "name_key"))
        .order_by("-similarity", "name_key", "pk")
    )


def search_similar(actor: Actor | None, text: str, birth_date: date | None = None) -> QuerySet[Patient]:
    """The actor's patients whose name is only like the text, for when ``search_patients`` finds none.

    Compares name by name, without the index, so it tolerates a wrong letter in one short word.
    """
    key = match_key(text)
    rows = _listed(actor, birth_date)
    if not key or numbers.readings(text):
        return rows.none()
    rows = rows.annotate(similarity=TrigramWordSimilarity(key, "name_key"))
    return rows.filter(similarity__gte=LEAST_SIMILAR).order_by("-similarity", "name_key", "pk")


def _listed(actor: Actor | None, birth_date: date | None) -> QuerySet[Patient]:
    rows = visible_patients(actor).select_related("residence_district__parent", "citizenship")
    if birth_date:
        rows = rows.filter(birth_date=birth_date)
    return rows.prefetch_related(Prefetch("identifiers", Identifier.objects.select_related("country")))


@dataclass(frozen=True)
class Candidate:
    """A patient of the actor's facility who may be the one being registered.

    ``reason``: identifier, birth_date, birth_date_swapped (day and month changed places) or birth_year.
    """

    patient: Patient
    reason: str


@dataclass(frozen=True)
class Duplicates:
    """What ``likely_duplicates`` found.

    ``here``: patients of the actor's own facility, the likeliest first. ``elsewhere``: numbers (system, country,
    value) of a patient of other facilities whose date of birth agrees: may be linked. ``taken``: numbers of a
    patient of other facilities whose date of birth differs: nothing more may be said of them.
    """

    here: tuple[Candidate, ...] = ()
    elsewhere: tuple[tuple[str, str, str], ...] = ()
    taken: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.here or self.elsewhere)


MOST_CANDIDATES = 10
MOST_COMPARED = 500
# How alike family and given name must be (0 to 1, `names.alike`), by how the date agrees: with the same date another
# office's spelling and a wrong letter still ask; with the same year only, names must nearly be equal, or every
# namesake of that year would be shown.
LEAST_ALIKE = {"birth_date": SAME_NAME, "birth_date_swapped": 0.87, "birth_year": 0.93}
LEAST_SIMILAR = 0.45
"""Trigram similarity (0 to 1, pg_trgm's word similarity) from which a name is worth comparing, or worth showing."""


def likely_duplicates(
    actor: Actor,
    *,
    family_name: str,
    given_name: str,
    birth_date: date | None,
    patronymic: str = "",
    identifiers: Iterable[tuple[str, str, str]] = (),
) -> Duplicates:
    """Patients who may be the same person. ``identifiers``: (system, country, normalised value).

    By number exactly; by family and given name together with a date of birth that is equal, has day and month
    swapped, or lies in the same year. Patronymics only speak against, when both are known: documents drop them.
    """
    owners = find_owners(list(identifiers))
    owner_ids = {patient_id for patient_id, *_ in owners}
    listed = visible_patients(actor).select_related("residence_district__parent")
    by_number = {patient.pk: patient for patient in listed.filter(pk__in=owner_ids)} if owner_ids else {}
    here = [Candidate(patient, "identifier") for patient in by_number.values()]
    if birth_date is not None:
        name = (family_name, given_name)
        here += [
            Candidate(patient, reason)
            for patient, reason in _same_name(listed, name, patronymic, birth_date)
            if patient.pk not in by_number
        ]
    abroad = [owner for owner in owners if owner[0] not in by_number]
    agreeing = _agreeing_ids({owner[0] for owner in abroad}, birth_date)
    return Duplicates(
        tuple(here[:MOST_CANDIDATES]),
        tuple(owner[1:] for owner in abroad if owner[0] in agreeing),
        tuple(owner[1:] for owner in abroad if owner[0] not in agreeing),
    )


def linkable_patient_id(system: str, country: str, value: str, birth_date: date) -> UUID | None:
    """The patient with exactly this number and date of birth, wherever registered; None when both don't agree.

    An unknown patient and an estimated date prove nothing, so they are never linked in this way.
    """
    owners = find_owners([(system, country, value)])
    agreeing = _agreeing_ids({owner[0] for owner in owners}, birth_date)
    return next(iter(agreeing), None)


def _agreeing_ids(ids: set[UUID], birth_date: date | None) -> set[UUID]:
    if not ids or birth_date is None:
        return set()
    agreeing = Patient.objects.filter(
        pk__in=ids, birth_date=birth_date, birth_date_estimated=False, is_unknown=False
    )
    return set(agreeing.values_list("pk", flat=True))


def _same_name(
    listed: QuerySet[Patient], name: tuple[str, str], patronymic: str, birth_date: date
) -> list[tuple[Patient, str]]:
    """(patient, reason), the likeliest first. The date narrows first, so names may be compared one by one."""
    if not match_key(*name):
        return []
    days = [birth_date, *([swapped] if (swapped := _swapped(birth_date)) else [])]
    likely = [*listed.filter(birth_date__in=days).order_by("pk")[:MOST_COMPARED]]
    # Of a whole year the index of names chooses; namesakes of that year must nearly be equal anyway.
    same_year = listed.filter(birth_date__year=birth_date.year).exclude(birth_date__in=days)
    near = same_year.annotate(similarity=TrigramWordSimilarity(match_key(*name), "name_key"))
    likely += near.filter(similarity__gte=LEAST_SIMILAR).order_by("-similarity", "pk")[: MOST_CANDIDATES * 5]
    found = []
    for patient in likely:
        reason = _date_reason(patient.birth_date, birth_date)
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


def _date_reason(known: date | None, entered: date) -> str:
    if known == entered:
        return "birth_date"
    return "birth_date_swapped" if known is not None and known == _swapped(entered) else "birth_year"


def _swapped(day: date) -> date | None:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 and day.day != day.month else None


def countries() -> QuerySet[Country]:
    """The countries of the portal, for a choice."""
    return Country.objects.order_by("code")


def funds() -> QuerySet[Organisation]:
    """The funds that a coverage may name."""
    return Organisation.objects.filter(kind="fund", active=True).order_by("country_id", "code")


def districts() -> QuerySet[AdminUnit]:
    """Every district with its region, and the cities that are regions themselves, for the choice of a residence."""
    units = AdminUnit.objects.filter(Q(level=AdminUnit.Level.DISTRICT) | Q(kind=AdminUnit.Kind.CITY))
    return units.select_related("parent").defer("loaded_values", "source")
