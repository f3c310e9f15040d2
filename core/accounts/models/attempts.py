from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """How often something was tried in vain, and when last. `key` is a keyed hash: it tells no name or address."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    last_at = models.DateTimeField(_("last at"), db_index=True)

    class Meta:
        verbose_name = _("failed attempts")
        verbose_name_plural = _("failed attempts")

    def __str__(self) -> str:
        return f"{self.failures}"
