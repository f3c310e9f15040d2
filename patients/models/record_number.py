from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import record_numbers
from core.sealed.fields import EncryptedTextField
from patients.models.patient import Patient
from patients.models.standing import of_a_standing_record


class RecordNumber(models.Model):
    """The number that a facility gives a patient in its own system. Nobody else reads it.

    At most one of a patient at a facility, and one patient of a facility has it. `value` is as the facility writes it.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, related_name="+")
    value = EncryptedTextField(_("Own record number"), max_length=60)
    value_index = record_numbers.index_field()
    set_at = models.DateTimeField(_("set at"), auto_now=True)

    class Meta:
        verbose_name = _("own record number")
        verbose_name_plural = _("own record numbers")
        triggers = [of_a_standing_record()]
        constraints = [
            models.UniqueConstraint(fields=["facility", "value_index"], name="patient_record_number_once"),
            models.UniqueConstraint(fields=["patient", "facility"], name="patient_record_number_one"),
            models.CheckConstraint(name="patient_record_number_said", condition=~Q(value="")),
        ]

    def __str__(self) -> str:
        return f"Record number {self.pk}"
