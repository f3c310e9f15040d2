import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from facilities.models.organisations import Facility


class FacilityConfirmation(models.Model):
    """Somebody stood for data of a facility: who, for whom, when, on what ground, and which values.

    `values` holds each field's value as it was confirmed, `before` that of those that were corrected with it.
    """

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="confirmations")
    at = models.DateTimeField(_("at"), db_default=Now())
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_label = models.CharField(_("by (name)"), max_length=200)
    by_organisation = models.CharField(_("for"), max_length=250, blank=True)
    source = models.CharField(_("on what ground"), max_length=300)
    values = models.JSONField(_("values"), default=dict)
    before = models.JSONField(_("values before"), default=dict, blank=True)

    class Meta:
        verbose_name = _("confirmation of a facility’s data")
        verbose_name_plural = _("confirmations of facilities’ data")
        ordering = ["-id"]
        indexes = [models.Index(fields=["facility", "-id"], name="confirmation_of_facility")]
        triggers = [
            pgtrigger.Protect(name="confirmation_immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.at}"


class ConfirmationRequest(models.Model):
    """Somebody asked a facility to confirm its data: who, for whom, when, and which of them."""

    class About(models.TextChoices):
        SERVICES = "services", _("The services that it offers")
        LICENCE = "licence", _("Its licence with the dates")
        CONTACT = "contact", _("Its name, address and telephone")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="confirmation_requests")
    at = models.DateTimeField(_("at"))
    about = ArrayField(models.CharField(max_length=10, choices=About), verbose_name=_("what is asked for"))
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_label = models.CharField(_("by (name)"), max_length=200)
    by_organisation = models.CharField(_("for"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("request to confirm a facility’s data")
        verbose_name_plural = _("requests to confirm facilities’ data")
        ordering = ["-id"]
        indexes = [models.Index(fields=["facility", "-at"], name="confirmation_request_of")]
        triggers = [
            pgtrigger.Protect(
                name="confirmation_request_immutable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.at}"
