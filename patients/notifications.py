"""Telling the people of a hospital what happened elsewhere to a record that they know. No names leave this way."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Role
from facilities.models import Membership
from patients.events import (
    DEATH_STATED,
    LINK_ENDED,
    LINKED,
    LOOKUPS_LOCKED,
    MERGE_UNDONE,
    MERGED,
    STATED_ELSEWHERE,
)
from patients.models import LookupBudget, Merge, Patient, Registration

_WORDS: dict[str, tuple[Text, Text]] = {
    LINKED: (
        _("Another hospital asked for the record of a patient of yours"),
        _(
            "It knows now who the patient is, and what the patient’s consent covers. The patient’s page says which "
            "hospital it is and on what ground. If this can’t be right, tell your ministry."
        ),
    ),
    LINK_ENDED: (
        _("A patient took back the consent to another hospital’s record"),
        _(
            "From now on the hospital that had asked for the record reads nothing more of what the other one recorded. "
            "The patient’s page says which hospital it is."
        ),
    ),
    STATED_ELSEWHERE: (
        _("A patient of yours stated something else at another hospital"),
        _(
            "What you recorded stays as it is. The patient’s page shows both; change your own record if it is wrong."
        ),
    ),
    DEATH_STATED: (
        _("A hospital recorded that a patient of yours has died"),
        _(
            "Please confirm it on the patient’s page, or take it back if it is a mistake. Until then nothing else "
            "follows."
        ),
    ),
    MERGED: (
        _("Two records of one patient were merged"),
        _(
            "Another hospital found that two records are one person and merged them. The patient is known at your "
            "hospital too. Please look at the record; if they are two persons, undo the merge on the patient’s page."
        ),
    ),
    MERGE_UNDONE: (
        _("A merge of two patients’ records was undone"),
        _(
            "Two records that were taken for one person are two again. One of them, or both, is of a patient of "
            "your hospital. Please look at it."
        ),
    ),
    LOOKUPS_LOCKED: (
        _("Look-ups of patients are locked: too many found nobody"),
        _(
            "Ask those concerned what they were looking for. Unlock them with a reason, or report that somebody was "
            "guessing."
        ),
    ),
}


@handler(LINKED, LINK_ENDED, STATED_ELSEWHERE, DEATH_STATED, LOOKUPS_LOCKED, name="patients.tell")
def tell_of_event(event: Event, key: str) -> None:
    """Write the messages for an event; the database keeps each (event, recipient, channel) single."""
    if event.kind == LOOKUPS_LOCKED:
        row = LookupBudget.objects.select_related("organisation").get(pk=event.subject_id)
        people = _administrators(row)
        link = reverse("patients:unlock_lookups", args=[row.pk])
    else:
        patient_id, facilities = _concerned(event)
        people = _members(organisation_id__in=facilities, role=Role.CLINICIAN)
        link = reverse("patients:detail", args=[patient_id])
    own = f"user:{event.actor_id}" if event.actor_kind == "person" else ""
    recipients = [person for person in people if person.key != own]
    tell(event, kind=f"patients.{event.kind}", params={}, link=link, recipients=recipients)


@handler(MERGED, MERGE_UNDONE, name="patients.tell_of_merge")
def tell_of_merge(event: Event, key: str) -> None:
    """The clinicians of every other facility that knows one of the two records, with a link to the one they see."""
    merge = Merge.objects.get(pk=event.payload["merge"])
    places: dict[int, Any] = {}
    for patient_id in (merge.merged_id, merge.survivor_id):  # who sees both is led to the one that stays
        known = Registration.objects.filter(patient_id=patient_id).exclude(facility_id=event.payload["by"])
        places |= dict.fromkeys(known.values_list("facility_id", flat=True), patient_id)
    rows = Membership.objects.filter(active=True, user__is_active=True, organisation__active=True)
    rows = rows.filter(role=Role.CLINICIAN, organisation_id__in=places).select_related("user")
    for patient_id in dict.fromkeys(places.values()):
        tell(
            event,
            kind=f"patients.{event.kind}",
            params={},
            link=reverse("patients:detail", args=[patient_id]),
            recipients=[_person(row.user) for row in rows if places[row.organisation_id] == patient_id],
        )


def _concerned(event: Event) -> tuple[Any, list[int]]:
    """The patient, and the facility whose record it is."""
    if event.kind in (LINKED, LINK_ENDED):
        registration = Registration.objects.select_related("patient").get(pk=event.subject_id)
        patient = registration.patient
        told = [patient.recorder_id] if patient.recorder_id else []
        return patient.pk, [*told, registration.facility_id] if event.kind == LINK_ENDED else told
    recorder = event.payload.get("recorder")
    return Patient.objects.only("pk").get(pk=event.subject_id).pk, [recorder] if recorder else []


def _administrators(row: LookupBudget) -> list[Recipient]:
    """Who may unlock: the organisation's administrators and the officers of its ministry."""
    country = row.organisation.country_id if row.organisation else None
    own = _members(organisation_id=row.organisation_id, role=Role.ADMINISTRATOR)
    return own + _members(organisation__country_id=country, role=Role.OFFICER)


def _members(**where: Any) -> list[Recipient]:
    rows = Membership.objects.filter(active=True, user__is_active=True, organisation__active=True, **where)
    found = rows.select_related("user").order_by("user_id", "id")
    return [_person(row.user, act=row.role != Role.CLINICIAN) for row in found]


def _person(user: Any, *, act: bool = False) -> Recipient:
    return Recipient(
        key=f"user:{user.pk}",
        language=user.preferred_language,
        user_id=user.pk,
        email=user.email,
        needs_action=act,
    )


@renderer("patients")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The message in the active language."""
    subject, body = _WORDS[kind.removeprefix("patients.")]
    return Words(subject=str(subject), body=str(body))
