from datetime import date, datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import days
from disclosure.models import DataKind
from disclosure.models.policy import every_kind
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record

# A consent goes with its record into another one, and back, unchanged.
_MOVES = """
IF NEW.patient_id <> OLD.patient_id AND (
    NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
    OR NEW.withdrawn_by_label IS DISTINCT FROM OLD.withdrawn_by_label
    OR NOT EXISTS (
        SELECT 1 FROM patients_merge WHERE (survivor_id, merged_id)
        IN ((NEW.patient_id, OLD.patient_id), (OLD.patient_id, NEW.patient_id))
    )
) THEN
    RAISE EXCEPTION 'pgtrigger: a consent goes to another record with a merge alone';
END IF;
RETURN NEW;
"""

LONGEST_YEARS = 5
"""Our own limit: a consent that outlives the journey by years was typed wrongly."""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> Self:
        """Those that nobody took back, here or elsewhere."""
        return self.filter(withdrawn_at__isnull=True, superseded_by__isnull=True)


class Consent(models.Model):
    """The patient's permission to pass data to one country for one purpose during one period.

    `recipient` is the one facility there that may have them; without one, any that the patient is sent to. `kinds` are
    those of the data. What may leave besides is the law's to say (`disclosure.policy`).

    `recorder` is the facility to which it was said. A patient who takes it back at another facility makes a row of its
    own there, which is withdrawn and `supersedes` this one: this one stays as it is, and is over by `ended_at`.

    A record of what was said: only its withdrawal can be added later, nothing in it changes and no row
    goes away (held by triggers). A consent for other terms is a new row. With a merge it goes to the record that stays.
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
    recipient = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Hospital that receives the data"),
    )
    kinds = ArrayField(
        models.CharField(max_length=10, choices=DataKind),
        verbose_name=_("Kinds of data"),
        default=every_kind,
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
    recorder = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Facility that recorded it"),
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by", editable=False
    )

    objects = ConsentQuerySet.as_manager()

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
                name="consent_kinds_known",
                condition=Q(kinds__contained_by=every_kind(), kinds__len__gte=1),
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
            pgtrigger.ReadOnly(
                name="consent_terms_fixed", exclude=["withdrawn_at", "withdrawn_by_label", "patient"]
            ),
            pgtrigger.Protect(name="consent_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="consent_withdrawal_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False)
                & pgtrigger.Q(old__patient=pgtrigger.F("new__patient")),
            ),
            pgtrigger.Trigger(
                name="consent_moves_by_merge",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("patient_id"),
                func=_MOVES,
            ),
            of_a_standing_record(),
        ]

    def __str__(self) -> str:
        return f"Consent {self.pk} ({self.purpose})"

    @property
    def ended_at(self) -> datetime | None:
        """When it was withdrawn, here or by what the patient stated elsewhere; None while it stands.

        `select_related("superseded_by")` spares a query.
        """
        if self.withdrawn_at is not None:
            return self.withdrawn_at
        newer: Consent | None = getattr(self, "superseded_by", None)
        return newer.withdrawn_at if newer is not None else None

    def is_for(self, facility_id: int | None, country: str | None) -> bool:
        """Whether it names this facility, or its country and no facility there."""
        return self.recipient_country_id == country and self.recipient_id in (None, facility_id)

    def is_over_on(self, day: date) -> bool:
        """Whether it was taken back, or its period has passed: the two are alike for every reader."""
        return self.ended_at is not None or self.valid_to < day

    def is_valid_on(self, day: date) -> bool:
        """True when the consent was not withdrawn and `day` lies in its period, both ends included."""
        return self.valid_from <= day <= self.valid_to and self.ended_at is None
