from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import days
from core.sealed.fields import EncryptedTextField
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record

#: Registers write 2099 where no end is known; what ends later was typed wrongly.
LATEST_END_YEARS = 75


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def current(self) -> Self:
        """Those that no correction replaced."""
        return self.filter(replaced_by__isnull=True)


class Coverage(models.Model):
    """Who pays for the patient's care in a country, from when to when, and how that is known.

    `recorder` is the facility that recorded it, and the only one that replaces it. What the patient states elsewhere is
    a row of that facility, which stands `beside` this one.
    A row never changes: what was wrong or has ended is a new row that replaces the old one, which stays.
    """

    class Kind(models.TextChoices):
        STATE = "state", _("State-guaranteed care")
        INSURANCE = "insurance", _("Compulsory health insurance")
        PRIVATE = "private", _("Private insurance")
        SELF = "self", _("Pays for themselves")

    class Source(models.TextChoices):
        REGISTER = "register", _("Checked in the fund’s register")
        DOCUMENT = "document", _("Seen on a document")
        STATED = "stated", _("Stated by the patient, not checked")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="coverages")
    fund = models.ForeignKey(
        "facilities.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Fund"),
    )
    country = models.ForeignKey(
        "facilities.Country",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Country"),
    )
    kind = models.CharField(_("Kind of coverage"), max_length=10, choices=Kind)
    number = EncryptedTextField(_("Insurance number"), max_length=40, blank=True)
    valid_from = models.DateField(_("Valid from"))
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)
    checked_on = models.DateField(_("Checked on"))
    source = models.CharField(_("How it is known"), max_length=10, choices=Source)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    recorder = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Facility that recorded it"),
    )
    beside = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="versions", editable=False
    )

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        ordering = ["-valid_from", "-id"]
        triggers = [of_a_standing_record()]
        constraints = [
            days.possible("coverage_days_possible", "valid_from", "valid_to", "checked_on"),
            days.not_after("coverage_checked_by_now", "checked_on", written="recorded_at"),
            days.not_after(
                "coverage_begins_soon", "valid_from", written="recorded_at", days=days.PLANNED.days
            ),
            days.not_after(
                "coverage_ends_in_a_life",
                "valid_to",
                written="recorded_at",
                days=(LATEST_END_YEARS + 1) * 366,
            ),
            models.CheckConstraint(
                name="coverage_period",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="coverage_kind_known",
                condition=Q(kind__in=["state", "insurance", "private", "self"]),
            ),
            models.CheckConstraint(
                name="coverage_source_known",
                condition=Q(source__in=["register", "document", "stated"]),
            ),
            # A public scheme without its fund can't be asked for money; one's own purse has no fund.
            models.CheckConstraint(
                name="coverage_fund_by_kind",
                condition=(
                    Q(kind__in=["state", "insurance"], fund__isnull=False)
                    | Q(kind="private")
                    | Q(kind="self", fund__isnull=True, number="")
                ),
            ),
            # A fund pays in its own country; one's own purse pays in any.
            models.CheckConstraint(
                name="coverage_country_by_kind",
                condition=Q(kind="self", country__isnull=True) | (~Q(kind="self") & Q(country__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"Coverage {self.pk} ({self.kind})"

    def covers(self, day: date) -> bool:
        """True when `day` lies in the period, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
