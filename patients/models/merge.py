import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.sealed.fields import EncryptedJSONField
from patients.models.patient import Patient


class MergeGround(models.TextChoices):
    """How it is known that two records are one person."""

    DOCUMENT = "document", _("The same document belongs to both")
    SAID = "said", _("The patient, or who accompanies them, says so")
    IDENTIFIED = "identified", _("An unknown patient was identified")
    ENTERED_TWICE = "entered_twice", _("The same person was registered twice")


class UndoReason(models.TextChoices):
    """Why a merge is undone."""

    TWO_PERSONS = "two_persons", _("They are two persons")
    WRONG_RECORD = "wrong_record", _("Another record was meant")
    NOT_PROVEN = "not_proven", _("It isn’t proven that they are one person")


class Merge(models.Model):
    """Two records were found to be one person: `merged` lives on in `survivor`, by whose word and how it is known.

    `moved` holds the keys of the rows that came over, by model; `before` and `after` the survivor's fields that the
    merge changed. With them it is undone exactly. Only that can be added to the row (held by triggers).
    `decided_by` names the person who decided, where a hospital's own system merged.
    """

    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_away")
    ground = models.CharField(_("How it is known"), max_length=20, choices=MergeGround)
    moved = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    before = EncryptedJSONField(default=dict)
    after = EncryptedJSONField(default=dict)
    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_label = models.CharField(max_length=300)
    decided_by = models.CharField(_("Who decided"), max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by_label = models.CharField(max_length=300, blank=True)
    undone_decided_by = models.CharField(max_length=200, blank=True)
    undo_reason = models.CharField(
        pgettext_lazy("merge", "Why it was undone"), max_length=20, blank=True, choices=UndoReason
    )

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(survivor=F("merged"))),
            models.UniqueConstraint(
                fields=["merged"], name="merge_once_at_a_time", condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(
                name="merge_ground_known", condition=Q(ground__in=sorted(MergeGround.values))
            ),
            models.CheckConstraint(
                name="merge_undo_says_who_and_why",
                condition=Q(undone_at__isnull=True, undone_by_label="", undo_reason="")
                | (
                    Q(undone_at__isnull=False, undo_reason__in=sorted(UndoReason.values))
                    & ~Q(undone_by_label="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="merge_fixed",
                exclude=["undone_at", "undone_by_label", "undone_decided_by", "undo_reason"],
            ),
            pgtrigger.Protect(name="merge_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="merge_undo_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Merge {self.pk}"
