"""The keys by which ministries sign: their public halves. A private one is never here."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SigningKey(models.Model):
    """A ministry's key on the curve P-256.

    `id` is what papers name it by: the first eight bytes of the SHA-256 of its public key (its SubjectPublicKeyInfo),
    in base64url. It signs from `signs_from` until it is retired or revoked. A retired one is still believed, a revoked
    one never again.
    """

    id = models.CharField(primary_key=True, max_length=11, editable=False)
    country = models.CharField(max_length=2)
    x = models.CharField(max_length=43)
    y = models.CharField(max_length=43)
    registered_at = models.DateTimeField()
    signs_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["country", "-signs_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_because="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_because="")),
                name="revoked_key_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(signs_from__gte=F("registered_at")), name="key_signs_once_it_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.id}"
