from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models.places import BorderCrossing
from facilities.models.reference import ReferenceRow


class CrossingHours(ReferenceRow):
    """What one source said of one kind of traffic at a crossing, as of one day. Never more than that.

    `hours` are the source's (`00:00-24:00`, `-23:00` where it names the end alone) or empty; `as_of` a year, a month or
    a day, empty where the source has no date.
    """

    class Traffic(models.TextChoices):
        ALL = "all", pgettext_lazy("traffic", "All traffic")
        PEDESTRIAN = "pedestrian", pgettext_lazy("traffic", "On foot")
        CAR = "car", pgettext_lazy("traffic", "Cars")
        BUS = "bus", pgettext_lazy("traffic", "Buses")
        LORRY = "lorry", pgettext_lazy("traffic", "Lorries")
        UNKNOWN = "", pgettext_lazy("traffic", "The source doesn’t say for whom")

    crossing = models.ForeignKey(BorderCrossing, models.PROTECT, related_name="hours")
    traffic = models.CharField(_("traffic"), max_length=12, blank=True, choices=Traffic.choices)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    days = models.CharField(_("days"), max_length=60, blank=True)
    status = models.CharField(_("status in the words of the source"), max_length=200, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    verified = models.BooleanField(_("confirmed by a border service"), default=False)
    words = models.CharField(_("in the words of the source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hours of a border crossing")
        verbose_name_plural = _("hours of border crossings")
        ordering = ["crossing_id", "-as_of", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "traffic", "as_of", "status"], name="crossing_hours_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.crossing_id} {self.traffic} {self.as_of}"
