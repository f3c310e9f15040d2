from django.db import models
from django.utils.translation import gettext_lazy as _

from core import days
from core.names import NamesField, in_active_language
from facilities.models.places import Country


class CalendarDay(models.Model):
    """A day on which a country rests although it is a weekday, or works although it is a weekend.

    Rows of the seed follow it; a row that a person wrote or changed is that person's and stays as it is. What a
    holiday was moved from is no day off any more: its row says that the day is worked.
    """

    class Kind(models.TextChoices):
        OFF = "off", _("Day off")
        WORKED = "worked", _("Working day")

    country = models.ForeignKey(
        Country, models.PROTECT, related_name="calendar_days", verbose_name=_("country")
    )
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.OFF)
    names = NamesField(_("names"), needed=("en",), longest=200)
    by_person = models.BooleanField(_("written by a person"), default=False, editable=False)

    class Meta:
        verbose_name = _("day off or moved working day")
        verbose_name_plural = _("days off and moved working days")
        ordering = ["day", "country_id"]
        constraints = [
            models.UniqueConstraint(fields=["country", "day"], name="calendar_day_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["off", "worked"]), name="calendar_day_kind"),
            days.possible("calendar_day_possible", "day"),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.day}"

    @property
    def name(self) -> str:
        """What the day is, in the active language where it's known."""
        return in_active_language(self.names)
