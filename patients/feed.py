"""What the systems of the facilities that know a patient are told of the record, and of consents."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from core.actors import Actor
from core.feed.registry import About, Kind, Shown, add_types, when
from core.permissions import Permission
from core.prepared import OneOf, lent, prepared, values_of
from disclosure import ledger
from disclosure.models import Basis, Purpose
from patients import access
from patients.events import (
    DEATH_STATED,
    DIED,
    ERASED,
    LINK_ENDED,
    LINKED,
    MERGE_UNDONE,
    MERGED,
    PATIENT_FACTS,
    REGISTERED,
    STATED_ELSEWHERE,
)
from patients.known import consents_of
from patients.models import Consent, Merge, Patient, Registration

BASE = "/api/v1/patients/"
#: How the ledger calls an answer of the feed in which patients' ids stand.
EVENTS = "patients.events"


def _reads_as(actor: Actor) -> tuple[str, ...]:
    known = actor.has(Permission.SEE_PATIENTS) and actor.organisation_id is not None
    return (f"patients:{actor.organisation_id}",) if known else ()


def _facilities(rows: QuerySet[Registration]) -> frozenset[str]:
    return frozenset(f"patients:{pk}" for pk in rows.order_by().values_list("facility_id", flat=True))


def _knowing(*patient_ids: UUID) -> frozenset[str]:
    """The facilities that know one of the records."""
    return _facilities(Registration.objects.filter(patient_id__in=patient_ids))


def _note(actor: Actor, patients: Collection[UUID]) -> None:
    ledger.note(
        EVENTS,
        to=actor,
        patients=patients,
        purpose=Purpose.CARE,
        basis=[Basis.OWN_PATIENT],
        clinical=False,
    )


def _shown_patients(actor: Actor, ids: Collection[str]) -> dict[str, Shown]:
    rows = prepared(_patients, lent(actor)).rows(ids=list(ids), **values_of(actor))
    return {str(pk): Shown(f"{BASE}{pk}/", patient=pk) for (pk,) in rows}


def _patients(actor: Actor) -> QuerySet[Patient, Any]:
    return access.visible_patients(actor).filter(OneOf("pk", "ids")).order_by().values_list("pk")


def _shown_consents(actor: Actor, ids: Collection[str]) -> dict[str, Shown]:
    rows = prepared(_consents, lent(actor)).rows(ids=[int(key) for key in ids], **values_of(actor))
    return {str(pk): Shown(f"{BASE}{patient}/consents/{pk}/", patient=patient) for pk, patient in rows}


def _consents(actor: Actor) -> QuerySet[Consent, Any]:
    seen = consents_of(actor).filter(
        OneOf("pk", "ids", "bigint"), patient_id__in=access.visible_patients(actor).values("pk")
    )
    return seen.order_by().values_list("pk", "patient_id")


PATIENT = Kind(
    name="patient",
    resource="patients",
    words="A patient whom your organisation knows.",
    parties=_reads_as,
    shown=_shown_patients,
    note=_note,
)
CONSENT = Kind(
    name="consent",
    resource="patients",
    words="A patient’s consent that your organisation recorded or may read.",
    parties=_reads_as,
    shown=_shown_consents,
    note=_note,
)
add_types(
    PATIENT,
    {
        REGISTERED: "A patient was registered",
        "patient.changed": "What is recorded of the patient was changed: the person, numbers, coverage, contact",
        "patient.linked": "Another facility, or yours, came to know the patient",
        DIED: "The patient is recorded as deceased",
        DEATH_STATED: "Another facility recorded the patient’s death, to be confirmed",
        MERGED: "Two records were merged; the one that doesn’t stand is gone, and its address leads on",
        MERGE_UNDONE: "Two records that had been merged were parted again",
        ERASED: "The record was erased: it is gone, and a copy of it should go too",
    },
)
add_types(
    CONSENT, {"consent.recorded": "A consent was recorded", "consent.withdrawn": "A consent was withdrawn"}
)


def _itself(patient: Patient, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About(str(patient.pk), _knowing(patient.pk))]


def _registered(row: Registration, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About(str(row.patient_id), _knowing(row.patient_id))]


def _stated(subject: Any, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    """What a facility was told is read there, and by the recorder of what it stands beside."""
    heard = {f"patients:{pk}" for pk in (payload.get("recorder"), by.organisation_id) if pk is not None}
    return [About(str(subject.pk), heard)]


def _merged(survivor: Patient, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    """The record that stands, and to those who knew the other one that this is gone."""
    merge = Merge.objects.get(pk=payload["merge"])
    came = Q(pk__in=merge.moved.get(Registration._meta.label_lower, [])) | Q(patient_id=merge.merged_id)
    yield About(str(merge.merged_id), _facilities(Registration.objects.filter(came)))
    yield About(str(survivor.pk), _knowing(survivor.pk))


def _parted(survivor: Patient, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    """Both records, each to who knows it; and to those who knew the two as one that it isn't theirs any more."""
    merge = Merge.objects.get(pk=payload["merge"])
    yield About(str(survivor.pk), _knowing(survivor.pk, merge.merged_id))
    yield About(str(merge.merged_id), _knowing(merge.merged_id))


def _consent(consent: Consent, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    """To whoever may read it, by the rule of `known.known_to`."""
    covered = Registration.objects.filter(patient_id=consent.patient_id)
    if consent.recorder_id is not None:
        covered = covered.filter(covers__contains=[Registration.Part.CONSENTS])
    recorder = {f"patients:{consent.recorder_id}"} if consent.recorder_id is not None else set()
    yield About(str(consent.pk), _facilities(covered) | recorder)


when(REGISTERED, REGISTERED, _itself)
when(PATIENT_FACTS, "patient.changed", _itself)
when(STATED_ELSEWHERE, "patient.changed", _stated)
when(LINKED, "patient.linked", _registered)
when(LINK_ENDED, "patient.changed", _registered)
when(DIED, DIED, _itself)
when(ERASED, ERASED, _itself)
when(DEATH_STATED, DEATH_STATED, _itself)
when(MERGED, MERGED, _merged)
when(MERGE_UNDONE, MERGE_UNDONE, _parted)
when("consent.recorded", "consent.recorded", _consent)
when("consent.withdrawn", "consent.withdrawn", _consent)
