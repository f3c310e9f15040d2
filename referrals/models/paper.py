"""Papers of decisions: what they say, as it was when the decision was made, and how often one was checked."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.walls.triggers import append_only, dated_by_database
from referrals.models.history import StatusChange
from referrals.models.referral import Referral


class PaperKind(models.TextChoices):
    """Which decision a paper is of."""

    GRANT = "grant", _("The authorisation was granted")
    PARTLY_GRANT = "partly_grant", _("The authorisation was granted in part")
    EXTENSION = "extension", _("The authorisation was extended")
    OTHER_HOST = "other_host", _("The authorisation was made out for another hospital")
    REFUSAL = "refusal", _("The authorisation was refused")
    UPHELD = "upheld", _("The refusal was upheld")
    REVOCATION = "revocation", _("The authorisation was revoked")


#: Those with a certificate, which the patient carries.
CERTIFIED = (PaperKind.GRANT, PaperKind.PARTLY_GRANT, PaperKind.EXTENSION, PaperKind.OTHER_HOST)


class Paper(models.Model):
    """What the papers of one decision say, in no language: each is printed from it, the same each time.

    `facts` are as `referrals.issuing` writes them. A certificate has a `code` that nobody can guess, and, once it was
    printed, the signed text of its QR code (`token`) by the key `key_id`.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="papers")
    change = models.OneToOneField(StatusChange, models.PROTECT, related_name="paper")
    kind = models.CharField(max_length=15, choices=PaperKind)
    facts = models.JSONField()
    code = models.CharField(max_length=16, unique=True, null=True, blank=True)
    token = models.TextField(max_length=4000, blank=True)
    key_id = models.CharField(max_length=11, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("of a decision", "paper")
        verbose_name_plural = pgettext_lazy("of a decision", "papers")
        ordering = ["-id"]
        indexes = [models.Index(fields=["referral", "-id"], name="paper_of_referral")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CERTIFIED, code__isnull=False)
                | (~Q(kind__in=CERTIFIED) & Q(code__isnull=True, token="")),
                name="certificate_has_its_code",
            ),
            models.CheckConstraint(
                condition=Q(token="", key_id="") | (~Q(token="") & ~Q(key_id="")),
                name="signed_paper_names_its_key",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="paper_fixed", exclude=["token", "key_id"]),
            pgtrigger.Protect(name="paper_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"


class Standing(models.TextChoices):
    """What a check of a certificate found."""

    VALID = "valid", pgettext_lazy("certificate", "Valid")
    NOT_YET = "not_yet", pgettext_lazy("certificate", "Not valid yet")
    EXPIRED = "expired", pgettext_lazy("certificate", "Expired")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")


class PaperCheck(models.Model):
    """That somebody checked a certificate: when, and what was found. Of whoever asked nothing is kept."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="checks")
    at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=10, choices=Standing)

    class Meta:
        verbose_name = _("check of a certificate")
        verbose_name_plural = _("checks of certificates")
        ordering = ["-id"]
        indexes = [models.Index(fields=["paper", "-at"], name="check_of_paper")]
        triggers = [append_only("paper_check_immutable"), dated_by_database("paper_check_dated")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.outcome}"
