"""Emergency access: a person of the treating hospital sees what the consent would else hide, for hours, reviewed."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from facilities.models import Facility
from referrals.models.referral import Referral

MOST_HOURS = 24
REVIEW_WITHIN = timedelta(hours=24)
#: The database's own bound, with room for an hour that the clocks skip.
_LONGEST = timedelta(hours=MOST_HOURS)


class EmergencyAccess(models.Model):
    """Who opened which referral in an emergency, why, until when; and what the ministry found when it looked.

    What was said at the opening stays; only the review is added, once (held by triggers).
    """

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", pgettext_lazy("emergency access", "Justified")
        NOT_JUSTIFIED = "not_justified", pgettext_lazy("emergency access", "Not justified")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="emergency_accesses")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name=_("facility"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_by_label = models.CharField(_("opened by (name)"), max_length=300)
    opened_at = models.DateTimeField(_("opened at"))
    until = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"), max_length=1000)
    review_due_at = models.DateTimeField(_("review due at"))
    verdict = models.CharField(_("outcome of the review"), max_length=15, choices=Verdict, blank=True)
    review_text = models.TextField(_("review in words"), max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_by_label = models.CharField(_("reviewed by (name)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("opened_at"), until__lte=F("opened_at") + _LONGEST),
                name="emergency_access_lasts_a_day_at_most",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_access_has_a_reason"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, verdict="", review_text="", reviewed_by_label="")
                | (
                    Q(reviewed_at__isnull=False, verdict__in=["justified", "not_justified"])
                    & ~Q(review_text="")
                    & ~Q(reviewed_by_label="")
                ),
                name="emergency_access_review_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["referral", "user", "until"], name="emergency_access_open"),
            models.Index(
                fields=["review_due_at", "id"],
                name="emergency_access_to_review",
                condition=Q(reviewed_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="emergency_access_fixed",
                exclude=["verdict", "review_text", "reviewed_at", "reviewed_by", "reviewed_by_label"],
            ),
            pgtrigger.Protect(name="emergency_access_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="emergency_access_reviewed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reviewed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency access {self.pk}"
