from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import record_numbers
from core.sealed.fields import EncryptedTextField
from referrals.models.referral import Referral


class RecordNumber(models.Model):
    """The number that one of the two facilities gives a referral in its own system. Nobody else reads it.

    At most one of a referral at a facility, and one referral of a facility has it.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+", verbose_name=_("referral"))
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="+")
    value = EncryptedTextField(_("Own record number"), max_length=60)
    value_index = record_numbers.index_field()
    set_at = models.DateTimeField(_("set at"), auto_now=True)

    class Meta:
        verbose_name = _("own record number")
        verbose_name_plural = _("own record numbers")
        constraints = [
            models.UniqueConstraint(fields=["facility", "value_index"], name="referral_record_number_once"),
            models.UniqueConstraint(fields=["referral", "facility"], name="referral_record_number_one"),
            models.CheckConstraint(name="referral_record_number_said", condition=~Q(value="")),
        ]

    def __str__(self) -> str:
        return f"Record number {self.pk}"
