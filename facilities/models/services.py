from django.db import models
from django.utils.translation import gettext_lazy as _

from core import days
from facilities.models.codes import Specialty
from facilities.models.organisations import Facility
from facilities.models.reference import ReferenceRow


class ServiceBasis(models.TextChoices):
    SOURCE = "source", _("Stated by a public source.")
    NAME = "name", _("Inferred from the facility’s name; not confirmed by the facility.")
    TYPE = "type", _("Inferred from the facility’s type; not confirmed by the facility.")
    PERSON = "person", _("Entered by a person.")


class FacilityService(ReferenceRow):
    """One specialty that a facility offers, with the ground for saying so."""

    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="services", verbose_name=_("facility")
    )
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, related_name="services", verbose_name=_("specialty")
    )
    basis = models.CharField(
        _("basis"), max_length=10, choices=ServiceBasis.choices, default=ServiceBasis.PERSON
    )
    verified = models.BooleanField(
        _("confirmed by the facility"), default=False, help_text=_("Only the facility’s word sets this.")
    )
    licensed_from = models.DateField(_("licensed from"), null=True, blank=True)
    licensed_until = models.DateField(_("licensed until"), null=True, blank=True)
    wait_days = models.PositiveSmallIntegerField(_("published wait, days"), null=True, blank=True)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["specialty__names__en", "id"]
        constraints = [
            days.possible("service_days_possible", "licensed_from", "licensed_until"),
            models.UniqueConstraint(fields=["facility", "specialty"], name="service_once_for_facility"),
            days.in_order("service_licence_dates_in_order", "licensed_from", "licensed_until"),
        ]

    def __str__(self) -> str:
        return f"{self.specialty} – {self.facility}"
