"""Carrying out an erasure, and finding what is due. Both are the portal's own doing, in a worker."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import REFUSALS, IllegalTransition
from core.outbox.publish import publish
from core.zones import today
from patients.events import ERASED as PATIENT_ERASED
from patients.models import ErasedRecord, Patient, Registration
from patients.models.keeping import HELD
from patients.standing import every_id_of, standing_id
from referrals.events.noticed import ERASED as REFERRAL_ERASED
from referrals.models import ErasedReferral, FormerHost, Referral
from referrals.states import ReferralState
from retention.actions.common import trace
from retention.due import Plan, after, current, plan_of
from retention.events import DONE
from retention.models import OPEN, Erasure, Kind, Origin, State, Sweep

#: Patients looked at in one transaction.
BATCH = 200
#: A refusal stands for so long before the day's search finds the same data again.
REFUSED_FOR = timedelta(days=365)
HOLD_STANDS = IllegalTransition("", code="held")
REFUSALS[HELD] = HOLD_STANDS


@action
def carry_out(*, by: Actor, erasure_id: int) -> bool:
    """Erase what may go of a granted erasure; whether it is done. While a legal hold stands nothing goes, and it waits.

    Raises IllegalTransition where a hold was placed at the same moment.
    """
    row = Erasure.objects.select_for_update().filter(pk=erasure_id, state=State.GRANTED).first()
    if row is None:
        return False
    patient = _locked(row.record_id)
    on_request = row.origin == Origin.REQUEST
    now = timezone.now()
    # What nobody decided is worked out anew by what needs no decision.
    plan = plan_of(row.record_id, now, on_request=on_request, alone=row.decided_at is None)
    if plan is not None and plan.held:
        return False
    if patient is not None and plan is not None:
        row.facilities = _erase(patient, plan, row.origin, now, by=by)
        row.gone = {"cases": len(plan.cases) - plan.drafts, "drafts": plan.drafts, "record": int(plan.record)}
        row.stays = plan.stays
    row.state, row.done_at = State.DONE, now
    row.save()
    details = {"erasure": row.pk, "gone": row.gone, "stays": row.stays}
    for country in sorted((plan.countries if plan else set()) | {row.country_id}):
        record("patient.erased", by=by, subject=row, country=country, details=details)
    publish(DONE, subject=row, by=by)
    return True


def _locked(record_id: UUID) -> Patient | None:
    """The record that stands, locked after its referrals, as a step and a merge do."""
    standing = standing_id(record_id)
    list(Referral.objects.select_for_update(of=("self",)).filter(patient_id=standing).order_by("pk"))
    rows = Patient.objects.select_for_update(of=("self",)).filter(pk=standing, merged_into__isnull=True)
    return rows.filter(erased_at__isnull=True).first()


def _erase(patient: Patient, plan: Plan, ground: str, now: datetime, *, by: Actor) -> list[int]:
    """Erase; the facilities that knew of anything that went."""
    known = Registration.objects.filter(patient_id__in=every_id_of(patient))
    knew = set(known.values_list("facility_id", flat=True))
    told: set[int] = set()
    for referral in Referral.objects.filter(pk__in=plan.cases).order_by("pk"):
        publish(REFERRAL_ERASED, subject=referral, by=by)
        had = FormerHost.objects.filter(referral=referral).values_list("facility_id", flat=True)
        seen = {referral.directing_facility_id, *had}
        if referral.host_facility_id is not None and referral.sent_at is not None:
            seen.add(referral.host_facility_id)
        ErasedReferral.objects.create(
            referral_id=referral.pk,
            number=referral.number or "",
            erased_at=now,
            ground=ground,
            facilities=sorted(seen),
            countries=sorted({referral.directing_country_id, referral.host_country_id} - {None})
            if referral.submitted_at
            else [],
        )
        told |= seen
    if plan.record:
        publish(PATIENT_ERASED, subject=patient, by=by)
        ErasedRecord.objects.create(
            record_id=patient.pk,
            erased_at=now,
            ground=ground,
            facilities=sorted(knew),
            countries=sorted(plan.countries),
        )
        told |= knew
    return sorted(told)


@action
def find_due(*, by: Actor, now: datetime) -> bool:
    """Look at the next patients of the day's search and begin the erasures that are due; whether any are left.

    What needs no decision is granted at once; the rest waits for one. A run that was interrupted goes on where it was.
    """
    day = today()
    Sweep.objects.get_or_create(day=day, defaults={"began_at": now})
    sweep = Sweep.objects.select_for_update(skip_locked=True).filter(day=day, ended_at__isnull=True).first()
    if sweep is None:
        return False
    rows = Patient.objects.filter(merged_into__isnull=True, erased_at__isnull=True).order_by("pk")
    if sweep.last is not None:
        rows = rows.filter(pk__gt=sweep.last)
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    for key in _candidates(keys, now):
        sweep.found += _begin(key, now, by=by)
    sweep.looked_at += len(keys)
    sweep.last = keys[-1] if keys else sweep.last
    if len(keys) < BATCH:
        sweep.ended_at = now
    sweep.save()
    return sweep.ended_at is None


def _candidates(keys: list[UUID], now: datetime) -> list[UUID]:
    """Those of the patients of whom something may be due, by the shortest period of each kind, in two questions."""
    shortest: dict[str, int] = {}
    for (_country, kind), period in current().items():
        shortest[kind] = min(period.months, shortest.get(kind, period.months))
    ends = {kind: after(now, -months) for kind, months in shortest.items()}
    old = Q(pk=None)
    if Kind.CASE in ends:
        old |= Q(over_at__lte=ends[Kind.CASE])
    if Kind.DRAFT in ends:
        old |= Q(state=ReferralState.DRAFT, updated_at__lte=ends[Kind.DRAFT])
    cases = Referral.objects.filter(patient_id__in=keys, erased_at__isnull=True)
    found = set(cases.filter(old).values_list("patient_id", flat=True))
    if Kind.RECORD in ends:
        quiet = Patient.objects.filter(pk__in=keys, updated_at__lte=ends[Kind.RECORD])
        found |= set(quiet.exclude(pk__in=cases.values("patient_id")).values_list("pk", flat=True))
    recent = Q(state=State.REFUSED, origin=Origin.PERIOD, decided_at__gt=now - REFUSED_FOR)
    settled = Erasure.objects.filter(Q(state__in=OPEN) | recent, record_id__in=found)
    return sorted(found - set(settled.values_list("record_id", flat=True)))


def _begin(record_id: UUID, now: datetime, *, by: Actor) -> int:
    plan = plan_of(record_id, now, on_request=False, alone=True)
    state = State.GRANTED
    if plan is None or not plan.anything:
        plan, state = plan_of(record_id, now, on_request=False), State.WAITING
    if plan is None or not plan.anything or not plan.country:
        return 0
    row = Erasure.objects.create(
        record_id=record_id,
        country_id=plan.country,
        origin=Origin.PERIOD,
        state=state,
        recorded_by_label=by.label,
        asked_at=now,
    )
    trace(
        "patient.erasure_due",
        row,
        plan.countries,
        by,
        {"erasure": row.pk, "alone": state == State.GRANTED},
    )
    return 1
