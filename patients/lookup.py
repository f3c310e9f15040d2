"""Finding patients by number: the one place that compares identifier values, by their blind index.

Nothing here looks at who asks: callers narrow the answer with `patients.access`, and whoever looks beyond their own
facility does so by `actions.link_patient`, which asks for a ground and a budget first and leaves its rows behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from core.partial import PartialDate
from core.sealed.blind import hold as blind_hold
from core.walls.session import reaching
from patients import blind
from patients.models import Identifier, Patient, Registration


def matching(numbers: Iterable[tuple[str, str, str]]) -> Q:
    """The identifiers with one of these numbers (system, country, value); none for no number.

    An empty country means any country, as when a number is typed into the search box.
    """
    wanted = Q()
    for system, country, value in numbers:
        one = blind.with_number(system, value)
        wanted |= one & Q(country=country) if country else one
    return wanted or Q(pk__in=())


def hold(number: tuple[str, str, str]) -> None:
    """Wait for whoever writes or links this number now, until the end of their transaction and then of ours."""
    blind_hold(*number)


@dataclass(frozen=True, slots=True)
class Known:
    """That a facility knows a patient with a number. `proves` is the date of birth; None where it proves nothing."""

    patient_id: UUID
    facility_id: int
    country: str
    proves: PartialDate | None


@reaching("identity")
def known_anywhere(number: tuple[str, str, str]) -> list[Known]:
    """Every facility that knows a patient with exactly this number, the longest known first. Always one query.

    An unknown patient and an estimated date of birth prove nothing.
    """
    holders = Identifier.objects.filter(matching([number])).values("patient_id")
    rows = Registration.objects.filter(patient_id__in=holders).select_related(
        "patient", "facility__organisation"
    )
    return [
        Known(
            row.patient_id,
            row.facility_id,
            row.facility.organisation.country_id or "",
            _proof(row.patient),
        )
        for row in rows.order_by("registered_at", "id")
    ]


def _proof(patient: Patient) -> PartialDate | None:
    return None if patient.is_unknown or patient.birth_date_estimated else patient.born
