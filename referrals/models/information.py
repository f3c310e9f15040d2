"""Requests for information: the ministry asks, the clinician answers, the clock stands still meanwhile."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed.fields import EncryptedTextField
from referrals.models.referral import Referral


class InformationRequest(models.Model):
    """One round of questions. At most one is open for a referral."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="information_requests")
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_by_label = models.CharField(_("asked by"), max_length=200)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by_label = models.CharField(_("answered by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(answered_at__isnull=True),
                name="one_open_request_for_information",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by_label="")
                | (Q(answered_at__isnull=False) & ~Q(answered_by_label="")),
                name="answer_has_time_and_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.asked_at:%Y-%m-%d}"


class Question(models.Model):
    """One question and its answer."""

    request = models.ForeignKey(InformationRequest, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    text = EncryptedTextField(_("question"), max_length=1000)
    answer = EncryptedTextField(_("answer"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="question_position_once")]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.position}"
