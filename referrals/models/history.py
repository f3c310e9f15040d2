"""Each change of state is an immutable row, apart from the audit log."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.walls.triggers import append_only, dated_by_database
from facilities.models import Organisation
from referrals.models.referral import Referral


class Machine(models.TextChoices):
    """Which state machine moved."""

    REFERRAL = "referral", pgettext_lazy("state machine", "Referral")
    AUTHORISATION = "authorisation", pgettext_lazy("state machine", "Authorisation")


class StatusChange(models.Model):
    """Who moved the referral or its authorisation, when, from where to where, and why."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="status_changes")
    machine = models.CharField(_("machine"), max_length=15, choices=Machine)
    event = models.CharField(_("event"), max_length=30)
    from_state = models.CharField(_("from"), max_length=20)
    to_state = models.CharField(_("to"), max_length=20)
    at = models.DateTimeField(_("at"), db_default=Now())
    by_kind = models.CharField(_("kind of actor"), max_length=10)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    by_label = models.CharField(_("by (name)"), max_length=200)
    by_organisation = models.CharField(_("for"), max_length=250, blank=True)
    # The name as it was then, for people to read; the key, to know the organisation again.
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    reason_code = models.CharField(_("reason"), max_length=30, blank=True)
    reason_text = models.TextField(_("reason in words"), blank=True)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["id"]
        indexes = [models.Index(fields=["referral", "id"], name="status_change_of_referral")]
        triggers = [append_only("status_change_immutable"), dated_by_database("status_change_dated")]

    def __str__(self) -> str:
        return f"{self.machine}: {self.from_state} → {self.to_state}"
