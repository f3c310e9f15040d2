"""Telling the other facilities that know a patient of a merge. No name and no number leaves the portal this way."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.outbox.messages import Recipient, Words, renderer, tell
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Role
from facilities.models import Membership
from patients.events import MERGE_UNDONE, MERGED
from patients.models import Merge, Registration


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


def _person(user: Any) -> Recipient:
    return Recipient(
        key=f"user:{user.pk}", language=user.preferred_language, user_id=user.pk, email=user.email
    )


@renderer("patients")
def words(kind: str, params: dict[str, Any]) -> Words:
    """The notice in the active language."""
    if kind.endswith(MERGE_UNDONE):
        return Words(
            subject=_("A merge of two patients’ records was undone"),
            body=_(
                "Two records that were taken for one person are two again. One of them, or both, is of a patient of "
                "your hospital. Please look at it."
            ),
        )
    return Words(
        subject=_("Two records of one patient were merged"),
        body=_(
            "Another hospital found that two records are one person and merged them. The patient is known at your "
            "hospital too. Please look at the record; if they are two persons, undo the merge on the patient’s page."
        ),
    )
