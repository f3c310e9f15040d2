"""Rows of a list of referrals: one query, and nothing asked of the database for any row."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from core import zones
from core.actors import Actor
from disclosure.models import DataKind
from referrals.models import Priority, Referral
from referrals.outline import shown
from referrals.presentation.clinical import diagnosis_text
from referrals.presentation.clock import Clock, clock_of
from referrals.presentation.labels import Tag, priority_tag, referral_tag
from referrals.presentation.next_step import next_step
from referrals.presentation.person import person_lines
from referrals.presentation.reader import NextStep
from referrals.presentation.route import crossing_name
from referrals.sight import Sight


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a referral. `patient`, `care` and what hangs on them are empty for who may not know."""

    referral: Referral
    url: str
    number: str
    filed_at: datetime | None
    priority: Tag | None
    tag: Tag
    patient: str
    patient_lines: list[str]
    care: str
    diagnosis: str
    from_country: str
    from_name: str
    to_country: str
    to_name: str
    distance: int | None
    crossing: str
    next: NextStep
    clock: Clock | None


def row_of(referral: Referral, actor: Actor, now: datetime | None = None, sight: Sight | None = None) -> Row:
    """One referral of `reading.for_list` for this reader."""
    now = now or timezone.now()
    kinds = (sight or Sight(actor)).kinds(referral)
    seen = DataKind.CARE in kinds
    host, sender = referral.host_facility, referral.directing_facility
    today = zones.today()
    is_host = actor.organisation_id is not None and actor.organisation_id == referral.host_facility_id
    next_one = next_step(referral, actor, now=now, knows_date=seen or is_host)
    urgent = referral.priority != Priority.ROUTINE
    return Row(
        referral=referral,
        url=next_one.url if referral.number is None else reverse("referrals:detail", args=[referral.pk]),
        number=referral.number or "",
        filed_at=referral.submitted_at,
        priority=priority_tag(referral.priority) if urgent else None,
        tag=referral_tag(referral),
        patient=referral.patient.full_name if seen else "",
        patient_lines=person_lines(referral.patient, today) if seen else [],
        care=referral.specialty.name if seen and referral.specialty else "",
        diagnosis=diagnosis_text(referral) if seen else "",
        from_country=referral.directing_country_id,
        from_name=sender.name,
        to_country=referral.host_country_id or "",
        to_name=host.name if host else "",
        distance=referral.distance_km if shown("distance_km", kinds) else None,
        crossing=crossing_name(referral.crossing) if shown("crossing", kinds) else "",
        next=next_one,
        clock=clock_of(referral, now, reviewing=next_one.reviews),
    )


def rows_of(referrals: list[Referral], actor: Actor, now: datetime | None = None) -> list[Row]:
    """All rows of a page at one moment."""
    now, sight = now or timezone.now(), Sight(actor)
    return [row_of(referral, actor, now, sight) for referral in referrals]
