"""The register of public-health alerts, as the epidemiological agreement of 1998 has the parties tell each other."""

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core import days
from facilities.models.places import AdminUnit, Country

#: The event that an alert was signed or ended. Its subject is the alert.
ALERT_FACTS = "alert.facts"
GROUP = r"[A-Z][0-9][0-9A-Z](-[A-Z][0-9][0-9A-Z])?"
#: What was signed stays; an alert can be ended, once.
_SIGNED = ("country_id", "area_id", "group", "since", "until", "measure", "text", "source", "signed_by_id")
_STAYS = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _SIGNED)


class Measure(models.TextChoices):
    """What an alert asks for, the strictest first."""

    STOP = "stop", _("Stop travel")
    TEST_FIRST = "test_first", _("Test before the journey")
    INFORM = "inform", _("Inform the patient and the hospital")


class PublicHealthAlert(models.Model):
    """A warning for an area and a group of diagnoses from one day to another, signed by a named officer.

    Without `area` it is for the whole country. `group` is a category of ICD-10 such as A00, or a range such as
    A00-A09. It ends by itself after `until`, or earlier where an officer ends it.
    """

    country = models.ForeignKey(Country, models.PROTECT, related_name="alerts", verbose_name=_("country"))
    area = models.ForeignKey(
        AdminUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("district or region"),
    )
    group = models.CharField(
        _("group of diagnoses"), max_length=7, validators=[RegexValidator(rf"^{GROUP}$")]
    )
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    measure = models.CharField(_("measure"), max_length=12, choices=Measure)
    text = models.TextField(_("what it is about"), max_length=2000)
    source = models.CharField(_("source"), max_length=500)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("signed by")
    )
    signed_by_label = models.CharField(_("signed by (name)"), max_length=200)
    signed_at = models.DateTimeField(_("signed at"), db_default=Now())
    ended_by_label = models.CharField(_("ended by"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it was ended"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("public-health alert")
        verbose_name_plural = _("public-health alerts")
        ordering = ["-until", "-id"]
        constraints = [
            days.possible("alert_days_possible", "since", "until", "ended_on"),
            days.in_order("alert_days_in_order", "since", "until"),
            models.CheckConstraint(
                condition=Q(until__lte=F("since") + days.PLANNED), name="alert_lasts_two_years_at_most"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=[measure.value for measure in Measure]), name="alert_measure_known"
            ),
            models.CheckConstraint(condition=Q(group__regex=rf"^{GROUP}$"), name="alert_group_is_a_code"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by_label="", end_reason="")
                | (Q(ended_on__isnull=False) & ~Q(ended_by_label="") & ~Q(end_reason="")),
                name="alert_ended_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="alert_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="alert_stays_as_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
IF OLD.ended_on IS NOT NULL OR {_STAYS} THEN
    RAISE EXCEPTION 'an alert stays as it was signed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'alert_stays_as_signed';
END IF;
RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.group} {self.until}"

    def has(self, diagnosis: str) -> bool:
        """Whether a diagnosis is of its group."""
        first, _dash, last = self.group.partition("-")
        return first <= diagnosis[:3] <= (last or first)
