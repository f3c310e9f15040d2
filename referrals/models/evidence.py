"""Evidence: what a rule or an officer rests on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import days
from core.sealed.fields import EncryptedTextField
from referrals.models.referral import Referral


class EvidenceItem(models.Model):
    """A document's content as text, with its date and author. Files come with attachments."""

    class Kind(models.TextChoices):
        SPECIALIST_REPORT = "specialist_report", _("Specialist’s report")
        TEST_RESULT = "test_result", _("Test result")
        FACILITY_STATEMENT = "facility_statement", _("Facility’s statement")
        ADDRESS_RECORD = "address_record", _("Address record")
        COMMISSION_MINUTES = "commission_minutes", _("Commission’s minutes")
        EAEU_GROUND = "eaeu_ground", _("Employment contract or proof of kinship")
        OTHER = "other", _("Other evidence")

    class Position(models.TextChoices):
        SPECIALIST = "specialist", _("Specialist")
        HEAD = "head", _("Head of a department")
        PROFESSOR = "professor", _("Professor or doctor of sciences")
        FAMILY_DOCTOR = "family_doctor", _("Family doctor")
        OTHER = "other", pgettext_lazy("position", "Another position")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    dated_on = models.DateField(_("dated"))
    author = models.CharField(_("author"), max_length=200)
    author_position = models.CharField(
        _("position of the author"), max_length=15, choices=Position, blank=True
    )
    text = EncryptedTextField(_("what it says"), max_length=8000)
    recorded_by_label = models.CharField(_("recorded by"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence item")
        verbose_name_plural = _("evidence items")
        ordering = ["-dated_on", "-id"]
        constraints = [
            days.possible("evidence_day_possible", "dated_on"),
            days.not_after("evidence_dated_by_now", "dated_on", written="recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dated_on}"
