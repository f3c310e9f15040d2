"""The hospitals that had a referral before it went elsewhere."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.models import Country, Facility
from referrals.models.choices import STATE_CHOICES, Priority
from referrals.models.referral import Referral


class FormerHost(models.Model):
    """That a hospital had the referral, from when until when, and in which state it was when it went elsewhere.

    It is all that the hospital keeps of it, beside its own steps in the history, and says by itself what it may know:
    nobody has to look at the referral for it. Never changed (held by a trigger).
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="former_hosts")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name=_("facility"))
    sent_at = models.DateTimeField(_("sent at"))
    until = models.DateTimeField(_("until"))
    last_state = models.CharField(_("state"), max_length=20, choices=STATE_CHOICES)
    version = models.PositiveIntegerField(_("version"))
    number = models.CharField(_("number"), max_length=20)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority)
    directing_country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("directing country")
    )
    directing_facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="+", verbose_name=_("directing facility")
    )
    host_country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("host country")
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    class Meta:
        verbose_name = _("former host")
        verbose_name_plural = _("former hosts")
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "facility", "sent_at"], name="former_host_once"),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("sent_at")), name="former_host_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["facility", "-until", "-id"], name="former_host_of_facility")]
        triggers = [
            pgtrigger.Protect(name="former_host_immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.facility_id}"
