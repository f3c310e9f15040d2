from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PastPassword(models.Model):
    """The hash of a password that an account has or had, so that it isn't taken again."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="past_passwords", verbose_name=_("person")
    )
    password = models.CharField(max_length=128, editable=False)
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("past password")
        verbose_name_plural = _("past passwords")
        indexes = [models.Index(fields=["user", "-set_at"], name="past_passwords_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
