"""A patient's referrals on the patient's page, and the ones under way where another is begun."""

from django.utils import timezone

from core.actors import Actor
from patients.models import Patient
from patients.sections import Section, section
from referrals import reading
from referrals.presentation.rows import Row, rows_of
from referrals.states import ACTIVE_STATES


@section
def referrals_section(actor: Actor, patient: Patient) -> Section:
    """The patient's referrals that the reader may see, the latest first."""
    page = reading.open_of_patient(actor, patient.pk)
    rows = rows_of(page.items, actor, timezone.now())
    return Section("referrals/_of_patient.html", {"rows": rows, "more": page.has_next})


def under_way(actor: Actor, patient: Patient) -> list[Row]:
    """The patient's referrals that are filed and not over, for who may see them."""
    page = reading.open_of_patient(actor, patient.pk, states=ACTIVE_STATES)
    return rows_of(page.items, actor, timezone.now())
