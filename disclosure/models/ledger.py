"""The ledger of disclosures: one immutable row for each time that patients' data were shown to somebody.

No foreign keys, as in the audit log: a row outlives what it speaks of. A trigger refuses updates and deletions.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.walls.triggers import append_only, dated_by_database


class Purpose(models.TextChoices):
    """What for."""

    CARE = "care", pgettext_lazy("purpose", "Care of the patient")
    IDENTIFICATION = "identification", pgettext_lazy("purpose", "Finding the patient’s record")
    AUTHORISATION = "authorisation", pgettext_lazy("purpose", "Decision of the ministry")
    OVERSIGHT = "oversight", pgettext_lazy("purpose", "Oversight of what enters the country")
    REQUEST = "request", pgettext_lazy("purpose", "Request of the patient")


class Basis(models.TextChoices):
    """By what right."""

    OWN_PATIENT = "own_patient", pgettext_lazy("legal basis", "Patient of one’s own facility")
    CONSENT = "consent", pgettext_lazy("legal basis", "Patient’s consent")
    EMERGENCY = "emergency", pgettext_lazy("legal basis", "Emergency")
    BREAK_GLASS = "break_glass", pgettext_lazy("legal basis", "Emergency access without consent")
    PUBLIC_DUTY = "public_duty", pgettext_lazy("legal basis", "Duty of the authority")
    RIGHT_TO_KNOW = "right_to_know", pgettext_lazy("legal basis", "Patient’s right to know")


def _of_country(place: int) -> list[models.Index]:
    """What concerns a country in the order of an auditor's pages: most rows concern one, some two, few all three."""
    country = f"countries__{place}"
    condition = models.Q(**{f"{country}__isnull": False}) if place else None
    return [
        models.Index(
            F(country), *map(F, fields), "id", name=f"disclosure_{name}_{place}", condition=condition
        )
        for name, fields in (("country", []), ("what", ["what"]), ("actor", ["actor_label"]))
    ]


class Disclosure(models.Model):
    """Who was shown what of which patients, when, what for and by what right. A list is one row with its patients.

    `what` is a dotted name such as `referrals.case`. `patients` are those whose data were shown: none where a reader
    learned only that a referral exists. `countries` are those concerned, whose auditors read the row: the patients'
    and the reader's. No names, no content.
    """

    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=40)
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_id = models.CharField(_("actor"), max_length=80)
    actor_label = models.CharField(_("actor’s name"), max_length=200)
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    country = models.CharField(_("reader’s country"), max_length=2, blank=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    basis = ArrayField(
        models.CharField(max_length=20, choices=Basis), verbose_name=pgettext_lazy("legal", "basis")
    )
    clinical = models.BooleanField(_("clinical content"))
    patients = ArrayField(models.UUIDField(), verbose_name=_("patients"))
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries concerned"))
    subject_type = models.CharField(_("kind of subject"), max_length=80, blank=True)
    subject_id = models.CharField(_("subject"), max_length=80, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["patients"], name="disclosure_patients"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="disclosure_subject"),
            *(index for place in range(3) for index in _of_country(place)),
        ]
        triggers = [append_only("disclosure_append_only"), dated_by_database("disclosure_dated")]

    def __str__(self) -> str:
        return f"{self.what} {self.subject_type} {self.subject_id}".strip()
