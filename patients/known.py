"""What one facility knows of a record that another facility made: never more than it recorded, or may read.

`Registration.covers` holds what the patient's consent lets it read besides; who the person is, it always knows.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from core import record_numbers
from core.actors import Actor
from core.errors import Denied
from core.walls.session import reaching
from disclosure import ledger
from disclosure.access import shown_in
from disclosure.models import Basis, Disclosure, Purpose
from facilities.models import Country, Facility
from patients import wording
from patients.models import (
    CONTACT_FIELDS,
    Consent,
    ContactStatement,
    Coverage,
    Identifier,
    Patient,
    RecordNumber,
    Registration,
)
from patients.standing import standing_id

AnyRow = TypeVar("AnyRow", bound=Model)
#: By model: what a consent must cover, and by which relation a row of another facility speaks of one of ours.
_PARTS: dict[Any, tuple[Registration.Part, str]] = {
    Identifier: (Registration.Part.NUMBERS, ""),
    Coverage: (Registration.Part.COVERAGE, "beside"),
    Consent: (Registration.Part.CONSENTS, "supersedes"),
}


def known_to(facility: Any, model: Any) -> Q:
    """The rows of a patient's numbers, coverages or consents that the facility (its key, or a place for it) may read.

    Its own, those of nobody, those that speak of its own, and what the consent given to it covers.
    """
    part, speaks_of = _PARTS[model]
    covering = Registration.objects.filter(
        patient_id=OuterRef("patient_id"),
        facility_id=facility,
        covers__contains=[part.value],
        withdrawn_at__isnull=True,
    )
    known = Q(recorder_id=facility) | Q(recorder_id__isnull=True) | Q(Exists(covering))
    return known | Q(**{f"{speaks_of}__recorder_id": facility}) if speaks_of else known


def numbers_of(actor: Actor | None) -> QuerySet[Identifier]:
    """The patients’ numbers that the actor’s facility may read: narrow it to patients whom the actor may see."""
    return _known(Identifier.objects.all(), actor)


def coverages_of(actor: Actor | None) -> QuerySet[Coverage]:
    """As `numbers_of`, without what was replaced; for another facility's, one's own version of it."""
    rows = _known(Coverage.objects.filter(replaced_by__isnull=True), actor)
    if actor is None or actor.is_system:
        return rows
    # Whoever has a version of their own reads that one.
    own = Coverage.objects.filter(beside=OuterRef("pk"), recorder_id=actor.organisation_id)
    return rows.exclude(Exists(own))


def own_numbers(actor: Actor | None, patients: Iterable[Patient]) -> list[Patient]:
    """The patients, each with the number that the actor's own facility gave it (one query)."""
    shown = list(patients)
    if shown and actor is not None and actor.organisation_id is not None:
        rows = RecordNumber.objects.filter(facility_id=actor.organisation_id, patient__in=shown)
        values = dict(rows.values_list("patient_id", "value"))
        for patient in shown:
            patient.record_number = values.get(patient.pk, "")
    return shown


def with_own_number(actor: Actor | None, text: str) -> set[UUID]:
    """Whom the actor's own facility gave this number, by the record that stands."""
    if actor is None or actor.organisation_id is None:
        return set()
    rows = RecordNumber.objects.filter(record_numbers.having(actor.organisation_id, " ".join(text.split())))
    return {standing_id(key) for key in rows.values_list("patient_id", flat=True)}


def coverages_written(actor: Actor) -> QuerySet[Coverage]:
    """As `coverages_of`, with those of one's own that were replaced since."""
    known = Q(pk__in=coverages_of(actor).values("pk")) | Q(recorder_id=actor.organisation_id)
    return Coverage.objects.filter(known).select_related("fund")


def consents_of(actor: Actor | None) -> QuerySet[Consent]:
    """As `numbers_of`: every consent, those that are over among them."""
    return _known(Consent.objects.select_related("superseded_by", "recipient__organisation"), actor)


def _known(rows: QuerySet[AnyRow], actor: Actor | None) -> QuerySet[AnyRow]:
    if actor is None:
        return rows.none()
    return rows if actor.is_system else rows.filter(known_to(actor.organisation_id, rows.model))


def is_recorder(actor: Actor, row: Any) -> bool:
    """Whether the actor's facility recorded this row, or nobody did."""
    return actor.is_system or row.recorder_id in (None, actor.organisation_id)


def contact_of(patient: Patient, facility_id: int) -> dict[str, Any]:
    """How the facility knows to reach the patient, by the names of the record's fields."""
    if patient.recorder_id in (None, facility_id):
        return {name: getattr(patient, name) for name in CONTACT_FIELDS}
    if said := _statements(patient, facility_id):
        return said[0].values
    return _contact_without_statement(patient, facility_id)


def _statements(patient: Patient, facility_id: int) -> list[ContactStatement]:
    rows = ContactStatement.objects.filter(patient_id=patient.pk, recorder_id=facility_id)
    return list(rows.order_by("-id"))


def _contact_without_statement(patient: Patient, facility_id: int) -> dict[str, Any]:
    known = Registration.objects.filter(
        patient_id=patient.pk, facility_id=facility_id, withdrawn_at__isnull=True
    )
    if known.filter(covers__contains=[Registration.Part.CONTACT]).exists():
        return {name: getattr(patient, name) for name in CONTACT_FIELDS}
    return dict.fromkeys(CONTACT_FIELDS, "") | {"preferred_language": patient.preferred_language}


def as_known_to(patient: Patient, facility_id: int | None) -> Patient:
    """The patient as that facility knows how to reach them: a view, which can't be saved, unless the record is its own.

    Its version grows with the record and with what was stated at the facility.
    """
    if facility_id is None or patient.recorder_id in (None, facility_id) or patient.is_view:
        return patient
    said = _statements(patient, facility_id)
    values = said[0].values if said else _contact_without_statement(patient, facility_id)
    for name, value in values.items():
        setattr(patient, name, value)
    patient.version += len(said)
    patient.is_view = True
    return patient


MOST_SHOWN = 100


def shown_under(consents: Iterable[Consent]) -> list[Disclosure]:
    """What was shown of the patient in the countries of these consents since they were recorded, the newest first."""
    consents = list(consents)
    with reaching("statement", {one.patient_id for one in consents}):
        found = {
            row.pk: row
            for one in consents
            for row in shown_in(one.recipient_country_id, one.patient_id, one.recorded_at)[:MOST_SHOWN]
        }
    return [found[pk] for pk in sorted(found, reverse=True)]


def links_of(actor: Actor, patient: Patient) -> QuerySet[Registration]:
    """The consents by which facilities read what others recorded: one's own, and all for the record's recorder."""
    rows = Registration.objects.filter(patient_id=patient.pk, ground=Registration.Ground.CONSENT)
    return rows if is_recorder(actor, patient) else rows.filter(facility_id=actor.organisation_id)


def statements_elsewhere(actor: Actor, patient: Patient) -> list[ContactStatement]:
    """What the patient stated elsewhere of how to reach them, the newest of each facility; for the recorder."""
    if actor.is_system or not is_recorder(actor, patient):
        return []
    rows = ContactStatement.objects.filter(patient_id=patient.pk, replaced_by__isnull=True)
    return list(rows.select_related("recorder__organisation").order_by("-id"))


def require_recorder(actor: Actor, row: Any) -> None:
    """Denied with the code `other_recorder` where another facility recorded the row: it alone changes it."""
    if not is_recorder(actor, row):
        raise Denied(wording.OTHER_RECORDER, code="other_recorder")


def country_of(facility_id: int | None) -> str:
    """The country of a facility, empty for none."""
    rows = Facility.objects.filter(pk=facility_id).values_list("organisation__country_id", flat=True)
    return rows.first() or ""


def portal_countries(codes: Iterable[str]) -> set[str]:
    """Those of the codes that are countries of the portal: the others have no auditors here."""
    return set(Country.objects.filter(pk__in=set(codes)).values_list("pk", flat=True))


def show_lookup(actor: Actor, patient: Patient | None, *, emergency: bool, countries: Iterable[str]) -> None:
    """Note in the ledger that somebody looked beyond their own facility, and whom they found, if anybody."""
    ledger.note(
        "patients.lookup",
        to=actor,
        patients=[] if patient is None else [patient.pk],
        purpose=Purpose.IDENTIFICATION,
        basis=[Basis.EMERGENCY if emergency else Basis.CONSENT],
        clinical=False,
        countries=countries,
        subject=patient,
    )
