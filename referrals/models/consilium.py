"""The panel that says whether a patient may travel (Protocol of 27 March 1997, Article 4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import days
from core.sealed.fields import EncryptedTextField
from core.walls.triggers import append_only
from referrals.models.referral import Referral


class Consilium(models.Model):
    """One record: who met when, and what they found. A later one counts in its place; none is changed.

    `members` has a name with the position on each line.
    """

    class Finding(models.TextChoices):
        FIT = "fit", _("The patient may travel")
        WITH_ESCORT = "with_escort", _("The patient may travel with an escort")
        UNFIT = "unfit", _("The patient may not travel")

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="consilia")
    held_on = models.DateField(_("held on"))
    members = EncryptedTextField(_("members"), max_length=2000)
    members_count = models.PositiveSmallIntegerField(_("number of members"))
    finding = models.CharField(_("finding"), max_length=12, choices=Finding)
    escort = models.CharField(_("escort"), max_length=300, blank=True)
    text = EncryptedTextField(_("why"), max_length=4000)
    recorded_by_label = models.CharField(_("recorded by"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("consilium")
        verbose_name_plural = _("consilia")
        ordering = ["-held_on", "-id"]
        triggers = [append_only("consilium_immutable")]
        constraints = [
            days.possible("consilium_day_possible", "held_on"),
            days.not_after("consilium_held_by_now", "held_on", written="recorded_at"),
            models.CheckConstraint(
                condition=models.Q(finding__in=["fit", "with_escort", "unfit"]),
                name="consilium_finding_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(finding="with_escort") | ~models.Q(escort=""),
                name="consilium_escort_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.held_on}"
