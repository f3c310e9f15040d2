from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import languages
from core.sealed.fields import BlindIndexField, EncryptedTextField
from patients import blind
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record

#: What of a patient's record says how to reach the person: the same names as the record's own.
CONTACT_FIELDS = (
    "address",
    "phone",
    "email",
    "preferred_language",
    "next_of_kin_name",
    "next_of_kin_phone",
    "next_of_kin_relation",
)


class ContactStatement(models.Model):
    """How to reach the patient, as stated at a facility that knows the record and didn't make it.

    It stands beside the record, which stays its recorder's. A row never changes: a newer one `replaces` it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contact_statements")
    recorder = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Facility that recorded it"),
    )
    address = EncryptedTextField(_("Address"), max_length=300, blank=True)
    phone = EncryptedTextField(_("Telephone"), max_length=20, blank=True)
    phone_index = BlindIndexField(of="phone", purpose=blind.PHONE)
    email = EncryptedTextField(_("E-mail"), max_length=254, blank=True)
    preferred_language = models.CharField(
        _("Preferred language"), max_length=2, choices=languages.own_names, default="ru"
    )
    next_of_kin_name = EncryptedTextField(_("Next of kin: name"), max_length=200, blank=True)
    next_of_kin_phone = EncryptedTextField(_("Next of kin: telephone"), max_length=20, blank=True)
    next_of_kin_relation = models.CharField(_("Next of kin: relation"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )

    class Meta:
        verbose_name = _("statement of contact details")
        verbose_name_plural = _("statements of contact details")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "recorder", "-id"], name="contact_of_facility"),
            models.Index(fields=["phone_index"], name="contact_phone", condition=~Q(phone_index="")),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="contact_statement_fixed", exclude=["patient"]
            ),  # a merge carries it over
            pgtrigger.Protect(name="contact_statement_kept", operation=pgtrigger.Delete),
            of_a_standing_record(),
        ]

    def __str__(self) -> str:
        return f"Contact statement {self.pk}"

    @property
    def values(self) -> dict[str, Any]:
        """By the names of the record's own fields."""
        return {name: getattr(self, name) for name in CONTACT_FIELDS}
