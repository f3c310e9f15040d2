from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import days
from patients.models.patient import Patient

LONGEST_YEARS = 5
"""Our own limit: a consent that outlives the journey by years was typed wrongly."""


class Consent(models.Model):
    """The patient's permission to pass data to one country for one purpose during one period.

    A record of what was said: only its withdrawal can be added later, nothing in it changes and no row
    goes away (held by triggers). A consent for other terms is a new row.
    """

    class Purpose(models.TextChoices):
        TREATMENT = "treatment", _("Treatment")
        SECOND_OPINION = "second_opinion", _("Second opinion")
        PAYMENT = "payment", _("Payment for treatment")

    class How(models.TextChoices):
        WRITTEN = "written", _("In writing, signed on paper")
        ELECTRONIC = "electronic", _("Electronically signed")
        VERBAL_WITNESSED = "verbal_witnessed", _("Spoken, before a witness")
        REPRESENTATIVE = "representative", _("Given by a legal representative")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("Purpose"), max_length=20, choices=Purpose)
    recipient_country = models.ForeignKey(
        "facilities.Country",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Country that receives the data"),
    )
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(_("Valid to"))
    how = models.CharField(_("How it was given"), max_length=20, choices=How)
    given_by = models.CharField(_("Given by"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by_label = models.CharField(max_length=300)
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by_label = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            days.possible("consent_days_possible", "valid_from", "valid_to"),
            days.not_after(
                "consent_begins_soon", "valid_from", written="recorded_at", days=days.PLANNED.days
            ),
            models.CheckConstraint(name="consent_period", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="consent_lasts_five_years_at_most",
                condition=Q(valid_to__lte=F("valid_from") + timedelta(days=LONGEST_YEARS * 366)),
            ),
            models.CheckConstraint(
                name="consent_purpose_known",
                condition=Q(purpose__in=["treatment", "second_opinion", "payment"]),
            ),
            models.CheckConstraint(
                name="consent_how_known",
                condition=Q(how__in=["written", "electronic", "verbal_witnessed", "representative"]),
            ),
            models.CheckConstraint(
                name="consent_says_who",
                condition=~Q(given_by="") & ~Q(recorded_by_label=""),
            ),
            models.CheckConstraint(
                name="consent_withdrawal_paired",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by_label="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by_label="")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="consent_terms_fixed", exclude=["withdrawn_at", "withdrawn_by_label"]),
            pgtrigger.Protect(name="consent_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="consent_withdrawal_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Consent {self.pk} ({self.purpose})"

    def is_valid_on(self, day: date) -> bool:
        """True when the consent was not withdrawn and `day` lies in its period, both ends included."""
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_to
