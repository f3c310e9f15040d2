"""What may leave a country: dated rows for each pair of countries, kept by an administrator as law is, as data."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import days
from core.names import NamesField, in_active_language
from facilities.models import Country, ReferenceRow

#: The event that a row changed. Its subject is the row.
POLICY_FACTS = "policy.facts"


class DataKind(models.TextChoices):
    """Kinds of a patient's data, as a consent and the law name them. Without `care` nothing of the others is shown."""

    CARE = "care", _("Who the patient is, the diagnosis and the care needed")
    DOCUMENTS = "documents", _("Reports, other documents, questions and answers")
    CONTACT = "contact", _("Telephone, e-mail, address and next of kin")
    PAYMENT = "payment", _("Coverage, payer and costs")


def every_kind() -> list[str]:
    """For a column's default."""
    return [kind.value for kind in DataKind]


class TransferPurpose(models.TextChoices):
    """What for data may leave. `emergency` needs no consent; the others do."""

    TREATMENT = "treatment", _("Treatment")
    SECOND_OPINION = "second_opinion", _("Second opinion")
    PAYMENT = "payment", _("Payment for treatment")
    EMERGENCY = "emergency", pgettext_lazy("purpose", "Emergency without consent")


class TransferPolicy(ReferenceRow):
    """What the law of one country lets pass to another for one purpose, since when, and where that was read.

    `kinds` may leave; none of them: nothing may. Of several rows that are in force on a day the one that began last
    counts, one without a beginning first of all. `verified` says whether somebody read the law for this.
    """

    facts_kind: ClassVar[str] = POLICY_FACTS
    audit_prefix = "transfer_policy"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    from_country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("country that the data leave")
    )
    to_country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("country that receives the data")
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=TransferPurpose)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=DataKind),
        verbose_name=_("kinds of data that may leave"),
        default=every_kind,
        blank=True,
    )
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    basis_in = NamesField(_("legal basis"), needed=("en",), longest=1000, lines=3)
    source = models.TextField(_("source"))
    verified = models.BooleanField(_("verified"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("rule on data that leave a country")
        verbose_name_plural = _("rules on data that leave a country")
        ordering = ["from_country", "to_country", "purpose", F("in_force_from").desc(nulls_last=True), "id"]
        constraints = [
            days.possible("policy_days_possible", "in_force_from", "in_force_until"),
            models.CheckConstraint(
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_until__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
                name="policy_force_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(from_country=F("to_country")), name="policy_crosses_a_border"
            ),
            models.CheckConstraint(condition=Q(kinds__contained_by=every_kind()), name="policy_kinds_known"),
            models.CheckConstraint(
                condition=Q(purpose__in=["treatment", "second_opinion", "payment", "emergency"]),
                name="policy_purpose_known",
            ),
            models.UniqueConstraint(
                fields=["from_country", "to_country", "purpose", "in_force_from"],
                nulls_distinct=False,
                name="policy_one_for_each_beginning",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def basis(self) -> str:
        """The legal basis in the active language, else in Russian or English."""
        return in_active_language(self.basis_in)

    def in_force_on(self, day: date) -> bool:
        """Whether the dates that are known allow it on that day. An unknown date doesn't exclude."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_until is None or day <= self.in_force_until
        )
