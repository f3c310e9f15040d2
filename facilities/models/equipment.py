"""What a facility has beside its people: by its own word, or by that of a list for a whole group."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import days
from facilities.models.organisations import Facility


class EquipmentKind(models.TextChoices):
    """What care may need of a hospital beside a specialty."""

    ANGIOGRAPHY = "angiography", _("Angiography")
    CT = "ct", _("Computed tomography")
    MRI = "mri", _("Magnetic resonance imaging")
    INTENSIVE_CARE = "intensive_care", _("Intensive care")
    HEART_LUNG = "heart_lung", _("Heart-lung machine")
    DIALYSIS = "dialysis", _("Dialysis")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")


class FacilityEquipment(models.Model):
    """A kind of equipment that a facility has since a day, until it loses it: rows are ended, never deleted.

    `for_group`: a list says it of a whole group of facilities, and nobody of this one did.
    """

    facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="equipment", verbose_name=_("facility")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EquipmentKind)
    for_group = models.BooleanField(_("declared for a group"), default=False)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    declared_by_label = models.CharField(_("declared by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("equipment of a facility")
        verbose_name_plural = _("equipment of facilities")
        ordering = ["facility_id", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind"], condition=Q(until__isnull=True), name="equipment_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EquipmentKind]), name="equipment_kind_known"
            ),
            days.possible("equipment_days_possible", "since", "until"),
            days.in_order("equipment_days_in_order", "since", "until"),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.kind}"
