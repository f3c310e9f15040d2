"""What of a patient's data may go, and what has to stay until when. One answer for preview, request and daily job."""

import calendar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from core.walls.session import reaching
from patients.models import LegalHold, Patient, Registration
from patients.standing import every_id_of, standing_id
from referrals.models import Referral
from referrals.states import ReferralState
from retention.models import Kind, Period

Periods = dict[tuple[str, str], Period]


@dataclass(slots=True)
class Plan:
    """What goes if it is carried out now: cases by id, and the record itself with everything that hangs on it.

    `stays` counts what doesn't go by why: `open` (under way), `law` (a law asks for it), `period` (the portal's own
    limit isn't reached), `unknown` (nobody has said how long). `until`: the last day of what has one. `held` says that
    nothing goes. `countries` are all that the data concern.
    """

    record_id: UUID
    cases: list[UUID] = field(default_factory=list)
    drafts: int = 0
    record: bool = False
    stays: dict[str, int] = field(default_factory=dict)
    until: datetime | None = None
    held: bool = False
    countries: set[str] = field(default_factory=set)
    country: str = ""

    @property
    def anything(self) -> bool:
        return not self.held and (self.record or bool(self.cases))


def current() -> Periods:
    """The periods that count, by country and kind."""
    rows = Period.objects.filter(approved_at__isnull=False, over_at__isnull=True)
    return {(row.country_id, row.kind): row for row in rows}


def after(moment: datetime, months: int) -> datetime:
    """So many months later, on the last day of a month that is too short."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


@reaching("identity")  # the answer is numbers, days and codes: whoever decides learns nothing of the person
def plan_of(record_id: UUID, now: datetime, *, on_request: bool, alone: bool = False) -> Plan | None:
    """What would go now; None where there is no such record, or nothing of it is left.

    `on_request`: the patient asks, so only a law keeps anything. `alone`: without a person's decision, so a period that
    nobody has verified lets nothing go.
    """
    patient = Patient.objects.filter(pk=standing_id(record_id), erased_at__isnull=True).first()
    if patient is None:
        return None
    family = every_id_of(patient)
    known = Registration.objects.filter(patient_id__in=family)
    places = set(known.values_list("facility__organisation__country_id", flat=True))
    plan = Plan(record_id=patient.pk)
    plan.held = LegalHold.objects.filter(patient_id__in=family, lifted_at__isnull=True).exists()
    judge = _Judge(plan, current(), now, on_request=on_request, alone=alone)
    last = [patient.updated_at, known.aggregate(at=Max("registered_at"))["at"] or patient.created_at]
    stay = False
    for row in _cases(family):
        plan.countries |= {row["directing_country_id"], row["host_country_id"]} - {None}
        last.append(row["over_at"] or row["updated_at"])
        if not judge.case(row):
            stay = True
    plan.country = (
        _home(patient) or next(iter(sorted(places - {None})), "") or min(plan.countries, default="")
    )
    plan.countries |= {place for place in places if place} | ({plan.country} - {""})
    plan.record = not stay and judge.passes([plan.country], Kind.RECORD, max(last))
    return plan


def _home(patient: Patient) -> str:
    recorder = patient.recorder
    return (recorder.organisation.country_id or "") if recorder is not None else ""


def _cases(family: set[UUID]) -> list[Any]:
    rows = Referral.objects.filter(patient_id__in=family, erased_at__isnull=True).order_by("pk")
    return list(
        rows.values("pk", "state", "over_at", "updated_at", "directing_country_id", "host_country_id")
    )


@dataclass(slots=True)
class _Judge:
    plan: Plan
    periods: Periods
    now: datetime
    on_request: bool
    alone: bool

    def case(self, row: Any) -> bool:
        """Whether a case goes; if not, why is counted."""
        countries = [row["directing_country_id"]]
        if row["over_at"] is None and row["state"] != ReferralState.DRAFT:
            return self._stays("open")
        # Nobody across the border has seen what was never filed.
        if row["state"] == ReferralState.DRAFT:
            goes = self.passes(countries, Kind.DRAFT, row["updated_at"])
            self.plan.drafts += goes
        else:
            if row["host_country_id"]:
                countries.append(row["host_country_id"])
            goes = self.passes(countries, Kind.CASE, row["over_at"])
        if goes:
            self.plan.cases.append(row["pk"])
        return goes

    def passes(self, countries: list[str], kind: str, since: datetime) -> bool:
        """Whether the periods of all the countries let it go; the longest one counts."""
        for country in countries:
            period = self.periods.get((country, kind))
            if period is None:
                return self._stays("unknown")
            if self.on_request and not period.obliges:
                continue
            end = after(since, period.months)
            if end > self.now:
                self.plan.until = max(self.plan.until or end, end)
                return self._stays("law" if period.obliges else "period")
            if self.alone and not period.acts_alone:
                return self._stays("law")
        return True

    def _stays(self, why: str) -> bool:
        self.plan.stays[why] = self.plan.stays.get(why, 0) + 1
        return False
