"""What the host offers and writes: dates and the discharge summary."""

from datetime import timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import days
from core.sealed.fields import EncryptedTextField
from facilities.models import Facility
from referrals.models.referral import Referral

MAX_STAY = timedelta(days=180)
ONE_PLACE = "no_two_patients_in_one_place_at_once"


class Appointment(models.Model):
    """A period in which the host will see the patient. A later offer replaces an earlier one (`active`).

    Where a host books by slots it names the `place` (a bed, a theatre, a doctor): the database then refuses two
    active offers for one place at overlapping times.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="appointments")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    period = DateTimeRangeField(_("period"))
    place = models.CharField(_("bed, theatre or doctor"), max_length=100, blank=True)
    note = models.CharField(_("note for the patient’s clinician"), max_length=500, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    active = models.BooleanField(_("active"), default=True)
    offered_at = models.DateTimeField(_("offered at"), auto_now_add=True)
    offered_by_label = models.CharField(_("offered by"), max_length=200)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(active=True), name="one_active_appointment"
            ),
            models.CheckConstraint(
                condition=Q(
                    period__startswith__isnull=False, period__endswith__isnull=False, period__isempty=False
                ),
                name="appointment_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(
                    period__startswith__lte=models.F("offered_at") + days.PLANNED + timedelta(days=1)
                ),
                name="appointment_is_soon",
            ),
            models.CheckConstraint(
                condition=Q(period__endswith__lte=models.F("period__startswith") + MAX_STAY),
                name="appointment_lasts_180_days_at_most",
            ),
            ExclusionConstraint(
                name=ONE_PLACE,
                expressions=[
                    ("facility", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(active=True) & ~Q(place=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.period}"


class DischargeSummary(models.Model):
    """What the host hospital tells the directing clinician after the care."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="discharge_summary")
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"))
    care_given = EncryptedTextField(_("care given"), max_length=8000)
    outcome = EncryptedTextField(_("outcome"), max_length=4000)
    advice = EncryptedTextField(_("advice for the time after"), max_length=4000)
    written_by_label = models.CharField(_("written by"), max_length=200)
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("discharge summary")
        verbose_name_plural = _("discharge summaries")
        constraints = [
            days.possible("discharge_days_possible", "admitted_on", "discharged_on"),
            days.not_after("discharged_by_now", "discharged_on", written="written_at"),
            models.CheckConstraint(
                condition=Q(discharged_on__gte=models.F("admitted_on")), name="discharge_after_admission"
            ),
        ]

    def __str__(self) -> str:
        return str(self.referral_id)


class TelephoneAnswer(models.Model):
    """What a hospital answered by telephone, as a coordinator recorded it: who spoke, when, on which number."""

    change = models.OneToOneField(
        "referrals.StatusChange", models.PROTECT, related_name="telephone_answer", primary_key=True
    )
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name=_("hospital"))
    spoke_with = models.CharField(_("who spoke for the hospital"), max_length=200)
    phone = EncryptedTextField(_("telephone"), max_length=60)
    spoken_at = models.DateTimeField(_("when it was said"))
    said = EncryptedTextField(_("what was said"), max_length=2000)

    class Meta:
        verbose_name = _("answer by telephone")
        verbose_name_plural = _("answers by telephone")
        triggers = [
            pgtrigger.Protect(
                name="telephone_answer_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.spoken_at}"
