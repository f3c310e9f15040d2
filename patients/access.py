"""Who may see which patient. Every page and every action asks here.

A facility's clinicians and its own system see the patients registered at that facility. A patient of another
facility doesn't exist for them: the answer is "not known", never "not allowed". Ministries and hosts read
patients only as part of a referral (the referrals app decides that); auditors and administrators read none.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import REFUSALS, Denied, Gone, Moved, NotKnown, Stale
from core.partial import PartialDate
from core.permissions import Permission
from core.prepared import Parameter, lent, prepared, values_of
from disclosure import ledger
from disclosure.models import Basis, Purpose
from facilities.models import AdminUnit, Country, Facility, Organisation
from patients import search
from patients.known import (
    as_known_to,
    consents_of,
    coverages_of,
    numbers_of,
    own_numbers,
    with_own_number,
)
from patients.models import Consent, ErasedRecord, Patient, Registration, may_be_born
from patients.models.standing import STANDS
from patients.search import Likeness
from patients.standing import standing_id

MERGED = _(
    "This record was merged into another record of the same person. Open that one, then repeat the step."
)
REFUSALS[STANDS] = Stale(MERGED)


def visible_patients(actor: Actor | None) -> QuerySet[Patient]:
    """The patients that the actor may find and read in the patients pages and API, each by the record that stands."""
    patients = Patient.objects.filter(merged_into__isnull=True, erased_at__isnull=True)
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
    """The patient, or NotKnown when there is none that the actor may know of.

    Raises Moved for a record that was merged into one that the actor may see.
    """
    try:
        key = patient_id if isinstance(patient_id, UUID) else UUID(patient_id)
    except ValueError:
        key = None
    found = prepared(_one, lent(actor)).first(patient=key, **values_of(actor)) if actor and key else None
    if found is None:
        raise not_here(actor, key)
    return found if actor is None or actor.is_system else as_known_to(found, actor.organisation_id)


def not_here(actor: Actor | None, patient_id: UUID | None) -> NotKnown | Moved:
    """Why there is no such patient for the actor: the record was merged into one that they see, was erased, or there is
    none."""
    standing = standing_id(patient_id) if patient_id else None
    if standing and standing != patient_id and visible_patients(actor).filter(pk=standing).exists():
        return Moved(MERGED, old=str(patient_id), new=str(standing))
    if standing and erased_records(actor).filter(pk=standing).exists():
        return Gone(_("The record of this patient was erased. Nothing of it is left to show."))
    return NotKnown(_("There is no such patient at your facility."))


def erased_records(actor: Actor | None) -> QuerySet[ErasedRecord]:
    """The records that the actor's facility knew, or that concerned the country that the actor keeps data for."""
    if actor is None:
        return ErasedRecord.objects.none()
    knew = (
        Q(facilities__contains=[actor.organisation_id]) if actor.has(Permission.SEE_PATIENTS) else Q(pk=None)
    )
    keeps = Q(countries__contains=[actor.country]) if actor.has(Permission.KEEP) else Q(pk=None)
    return ErasedRecord.objects.filter(knew | keeps)


def _one(actor: Actor) -> QuerySet[Patient]:
    found = visible_patients(actor).filter(pk=Parameter("patient")).order_by()
    return found.select_related("residence_district").defer("residence_district__loaded_values")


def consent_of(actor: Actor, patient_id: UUID, consent_id: int) -> Consent | None:
    """That consent, if the actor may see the patient and the patient gave it."""
    return prepared(_consent, lent(actor)).first(patient=patient_id, consent=consent_id, **values_of(actor))


def _consent(actor: Actor) -> QuerySet[Consent]:
    given = consents_of(actor).filter(patient_id__in=_one(actor).values("pk"), pk=Parameter("consent"))
    return given.order_by()


def get_whole(actor: Actor | None, patient_id: UUID | str) -> Patient:
    """`get_visible` with everything that the patient's page shows, in a constant number of queries."""
    rows = visible_patients(actor).select_related("residence_district__parent__country")
    rows = rows.select_related("residence_district__country").prefetch_related(
        Prefetch("identifiers", numbers_of(actor)),
        Prefetch("registrations", Registration.objects.select_related("facility__organisation")),
        Prefetch(
            "coverages", coverages_of(actor).select_related("fund", "country", "recorder__organisation")
        ),
        Prefetch(
            "consents", consents_of(actor).select_related("recipient_country", "recipient__organisation")
        ),
    )
    try:
        found = own_numbers(actor, [rows.get(pk=patient_id)])[0]
        return found if actor is None or actor.is_system else as_known_to(found, actor.organisation_id)
    except (Patient.DoesNotExist, ValidationError):
        key = patient_id if isinstance(patient_id, UUID) else None
        raise not_here(actor, key) from None


SEARCH, LATEST, DUPLICATES = "patients.search", "patients.latest", "patients.duplicates"
"""How the ledger calls the lists of patients."""


def show(
    actor: Actor,
    patient: Patient,
    what: str = "patients.record",
    *,
    purpose: Purpose = Purpose.CARE,
    basis: Basis = Basis.OWN_PATIENT,
) -> None:
    """Note in the ledger that a patient's record, or a part of it, is shown to the actor."""
    ledger.note(
        what,
        to=actor,
        patients=[patient.pk],
        purpose=purpose,
        basis=[basis],
        clinical=False,
        countries=countries_of(patient),
        subject=patient,
    )


def countries_of(patient: Patient) -> set[str]:
    """Where the patient is registered; `get_whole` has read it already."""
    known = "registrations" in getattr(patient, "_prefetched_objects_cache", {})
    rows = (
        patient.registrations.all()
        if known
        else patient.registrations.select_related("facility__organisation")
    )
    return {row.facility.organisation.country_id or "" for row in rows}


def show_merge(actor: Actor, survivor: Patient, merged: Patient) -> None:
    """Note in the ledger that two records are shown beside each other, to be merged or parted."""
    ledger.note(
        "patients.merge",
        to=actor,
        patients=[survivor.pk, merged.pk],
        purpose=Purpose.IDENTIFICATION,
        basis=[Basis.OWN_PATIENT],
        clinical=False,
        countries=countries_of(survivor) | countries_of(merged),
        subject=survivor,
    )


def show_list(actor: Actor, what: str, patients: Iterable[Patient]) -> None:
    """Note in the ledger that these patients are shown in a list. A search is noted even if it found nobody."""
    ids = [patient.pk for patient in patients]
    if ids or what == SEARCH:
        ledger.note(
            what,
            to=actor,
            patients=ids,
            purpose=Purpose.IDENTIFICATION,
            basis=[Basis.OWN_PATIENT],
            clinical=False,
        )


def can_write(actor: Actor | None) -> bool:
    """Whether the actor may register patients and change their records."""
    return actor is not None and (
        actor.is_system or (actor.has(Permission.WRITE_PATIENTS) and actor.organisation_id is not None)
    )


def require_write(actor: Actor) -> None:
    """Denied unless the actor may register patients and change their records."""
    if not can_write(actor):
        raise Denied(_("Only clinicians of a facility may register patients and change their records."))


def can_merge(actor: Actor | None) -> bool:
    """Whether the actor may merge two records that they see, and undo it."""
    return can_write(actor) and actor is not None and actor.has(Permission.MERGE_PATIENTS)


def require_merge(actor: Actor) -> None:
    """Denied unless the actor may merge records."""
    if not can_merge(actor):
        raise Denied(_("Only clinicians of a facility that knows both records may merge them."))


def own_facility(actor: Actor) -> Facility:
    """The facility that the actor works for; Denied when the organisation is none."""
    require_write(actor)
    try:
        return Facility.objects.select_related("organisation").get(pk=actor.organisation_id)
    except Facility.DoesNotExist:
        raise Denied(
            _("Your organisation isn’t a facility, so no patient can be registered at it.")
        ) from None


def search_patients(
    actor: Actor | None, text: str, born: date | PartialDate | None = None
) -> QuerySet[Patient]:
    """The actor's patients by names in any order and script, numbers, one's own facility's too, telephone and date of
    birth, the likeliest first.

    `born` finds whoever may be born then: a year finds every day in it, a day also who has its year alone.
    Without a text: by date of birth alone, or the latest registered. The rows carry what a list shows.
    """
    if text.strip():
        return _searched(actor, text, born, Likeness.SOUNDS)
    rows = _listed(actor, born)
    return rows.order_by("name_key", "pk") if born else _latest(actor, rows)


def with_record_number(actor: Actor, text: str) -> QuerySet[Patient]:
    """Whom the actor's own facility gave this number in its own system: one patient, or nobody."""
    return _listed(actor, None).filter(pk__in=with_own_number(actor, text)).order_by("pk")


def search_similar(
    actor: Actor | None, text: str, born: date | PartialDate | None = None
) -> QuerySet[Patient]:
    """The actor's patients whose name is only like the text, for when `search_patients` finds none: a wrong letter
    in each word is forgiven."""
    return _searched(actor, text, born, Likeness.NEAR)


def _searched(
    actor: Actor | None, text: str, born: date | PartialDate | None, likeness: Likeness
) -> QuerySet[Patient]:
    rows = _listed(actor, born)
    if actor is None:
        return rows
    if own := with_own_number(actor, text):
        return rows.filter(pk__in=own).order_by("name_key", "pk")
    unjoined = rows.prefetch_related(None).select_related(None)
    return search.in_this_order(rows, search.likeliest(unjoined, text, actor, likeness))


def _latest(actor: Actor | None, rows: QuerySet[Patient]) -> QuerySet[Patient]:
    """The latest registered first, by the index of the facility's registrations."""
    if actor is None or actor.is_system:
        return rows.annotate(registered_at=F("created_at")).order_by("-registered_at", "-pk")
    here = rows.filter(registrations__facility_id=actor.organisation_id)
    return here.annotate(registered_at=F("registrations__registered_at")).order_by("-registered_at", "-pk")


def _listed(actor: Actor | None, born: date | PartialDate | None) -> QuerySet[Patient]:
    rows = visible_patients(actor).select_related("residence_district__parent")
    if born:
        rows = rows.filter(may_be_born(PartialDate.of(born)))
    return rows.prefetch_related(Prefetch("identifiers", numbers_of(actor)))


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
