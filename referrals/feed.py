"""What partners' systems are told of referrals: every step of the road, and what else changes a case."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from core.actors import SYSTEM, Actor
from core.feed.announce import announce, concerned
from core.feed.registry import About, Kind, Shown, add_parties, add_types, when
from core.outbox.models import Event
from core.outbox.registry import handler
from core.permissions import Permission
from core.prepared import OneOf, lent, prepared, values_of
from patients.events import DEATH_STATED, PATIENT_FACTS, STATED_ELSEWHERE
from referrals import access
from referrals.events import BY_KIND
from referrals.events.noticed import (
    CHECKED_AGAIN,
    CONSENT_ENDED,
    CONSENT_OVER,
    DRAFT_SAVED,
    DRAFT_STARTED,
    EMERGENCY_OPENED,
    EMERGENCY_OVERDUE,
    EMERGENCY_REVIEWED,
    ERASED,
    HOST_SILENT,
    PATIENT_DIED,
    PATIENT_MERGED,
)
from referrals.models import Referral
from referrals.serializers.answers import BASE
from referrals.states import ACTIVE_STATES, ReferralState

#: What the case says of the patient may be another. For the feed alone.
PATIENT_CHANGED = "referral.patient_changed"


def parties(referral: Referral) -> frozenset[str]:
    """Who may know of the referral, as `access.visible_referrals` has it."""
    found = {f"directing:{referral.directing_facility_id}"}
    if referral.sent_at and referral.host_facility_id and referral.state != ReferralState.ENTERED_IN_ERROR:
        found.add(f"host:{referral.host_facility_id}")
    if referral.submitted_at:
        found |= {
            f"country:{code}" for code in (referral.directing_country_id, referral.host_country_id) if code
        }
    found |= {f"body:{pk}" for pk in referral.bodies}
    return frozenset(found)


def _reads_as(actor: Actor) -> tuple[str, ...]:
    found = []
    if actor.has(Permission.FILE_REFERRALS):
        found.append(f"directing:{actor.organisation_id}")
    if actor.has(Permission.HOST):
        found.append(f"host:{actor.organisation_id}")
    if actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE):
        found.append(f"country:{actor.country}")
    if actor.has(Permission.APPROVE):
        found.append(f"body:{actor.organisation_id}")
    return tuple(found)


def _shown(actor: Actor, ids: Collection[str]) -> dict[str, Shown]:
    rows = prepared(_numbers, lent(actor)).rows(ids=list(ids), **values_of(actor))
    return {str(pk): Shown(f"{BASE}{pk}/", number=number) for pk, number in rows}


def _numbers(actor: Actor) -> QuerySet[Referral, Any]:
    seen = access.visible_referrals(actor).filter(OneOf("pk", "ids"))
    return seen.order_by().values_list("pk", "number")


REFERRAL = Kind(
    name="referral",
    resource="referrals",
    words="A referral, as one of its sides or as the ministry of one.",
    parties=_reads_as,
    shown=_shown,
)
add_parties(Referral, parties)
add_types(
    REFERRAL,
    {
        DRAFT_STARTED: "A draft was begun",
        DRAFT_SAVED: "A draft was changed",
        **{kind: record.words for kind, record in BY_KIND.items()},
        CHECKED_AGAIN: "The rules were run again, with another outcome",
        CONSENT_ENDED: "The consent on which it rests was withdrawn",
        CONSENT_OVER: "The consent on which it rests has run out",
        EMERGENCY_OPENED: "Somebody of the host opened it in an emergency",
        EMERGENCY_REVIEWED: "The ministry reviewed that it was opened in an emergency",
        EMERGENCY_OVERDUE: "That it was opened in an emergency waits for its review for too long",
        HOST_SILENT: "The host’s time to answer has passed",
        PATIENT_CHANGED: "What is known of the patient was changed",
        PATIENT_DIED: "The patient is recorded as deceased",
        PATIENT_MERGED: "The patient’s record is another one",
        ERASED: "Its data were erased: it is gone, and a copy of it should go too",
    },
)


def _itself(referral: Referral, payload: Mapping[str, Any], by: Actor) -> Iterable[About]:
    return [About(str(referral.pk), concerned(referral))]


for _kind in (
    *BY_KIND,
    DRAFT_STARTED,
    DRAFT_SAVED,
    CHECKED_AGAIN,
    CONSENT_ENDED,
    CONSENT_OVER,
    EMERGENCY_OPENED,
    EMERGENCY_OVERDUE,
    EMERGENCY_REVIEWED,
    ERASED,
    HOST_SILENT,
    PATIENT_CHANGED,
    PATIENT_DIED,
    PATIENT_MERGED,
):
    when(_kind, _kind, _itself)


# Whoever writes of a patient may not know of the referrals that others filed: so the worker finds them.
@handler(PATIENT_FACTS, STATED_ELSEWHERE, DEATH_STATED, name="referrals.announce_patient")
def announce_patient(event: Event, key: str) -> None:
    """Tell of the patient's referrals that aren't over: the others are history, and nobody works with them."""
    rows = Referral.objects.filter(
        patient_id=event.subject_id, state__in=[*ACTIVE_STATES, ReferralState.DRAFT]
    )
    for referral in rows.order_by("pk"):
        announce(PATIENT_CHANGED, subject=referral, by=SYSTEM)


@handler("consent.withdrawn", name="referrals.announce_withdrawal")
def announce_withdrawal(event: Event, key: str) -> None:
    """Tell of the referrals that rest on the consent and were not sent: of the others it is published."""
    rows = Referral.objects.filter(consent_id=int(event.subject_id), sent_at=None)
    for referral in rows.exclude(state=ReferralState.ENTERED_IN_ERROR).order_by("pk"):
        announce(CONSENT_ENDED, subject=referral, by=SYSTEM)
