"""Words about a patient for templates."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from core import zones
from facilities.countries import country_names
from patients import presentation
from patients.models import LegalHold, Patient

register = template.Library()


@register.filter
def age_text(patient: Patient) -> str:
    """The patient's age today in words; empty when unknown."""
    return presentation.age_text(patient, zones.today())


@register.filter
def birth_text(patient: Patient) -> str:
    """As much of the date of birth as is known, in short; empty for an estimate, which the age tells."""
    born = patient.born
    return "" if born is None or patient.birth_date_estimated else presentation.partial_short(born)


@register.filter
def place_text(patient: Patient) -> str:
    """The district where the patient lives, or the country alone; empty when unknown."""
    return presentation.place_text(patient)


@register.simple_tag
def every_country() -> tuple[str, ...]:
    """The names of all countries in the active language."""
    return country_names()


@register.filter
def reason_text(reason: str) -> str:
    """Why a patient is offered as a likely duplicate (codes of `duplicates.Candidate`)."""
    return {
        "identifier": _("The number is the same."),
        "birth_date": _("The name is alike and the date of birth is the same."),
        "birth_date_swapped": _("The name is alike; day and month of birth are swapped."),
        "birth_partial": _("The name is alike, and as much as is known of both dates of birth agrees."),
        "birth_year": _("The name is alike and the year of birth is the same."),
    }[reason]


@register.inclusion_tag("patients/_holds.html")
def holds(patient_id: Any) -> dict[str, Any]:
    """That nothing of the patient's data may be erased: who said so, since when, on what ground."""
    rows = LegalHold.objects.filter(patient_id=patient_id, lifted_at__isnull=True).select_related("country")
    return {"holds": list(rows.order_by("-pk"))}
