"""The one table of kept texts. It holds health data: sealed, read by its owner only, never in the admin or a log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed.fields import SealedBytesField

PURPOSE = "core.kept.text"


class KeptText(models.Model):
    """What one person typed into one form that was shown to them (`form` is that showing's random name).

    `page` is the form's address without its query, so a person has several texts there after opening it in several
    windows. `roles` are those held when it was typed, as codes with commas between. A form that was sent leaves its
    row, empty and with `sent`, so that a saving that was under way meanwhile doesn't bring the text back.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    roles = models.CharField(_("roles"), max_length=200, blank=True)
    page = models.CharField(_("page"), max_length=300)
    form = models.CharField(_("form"), max_length=32)
    sealed = SealedBytesField(_("text"), default=b"", purpose=PURPOSE)
    sent = models.BooleanField(_("sent"), default=False)
    saved_at = models.DateTimeField(_("saved at"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    #: Set by `store.save`: whether the form had been sent before.
    was_sent = False

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        constraints = [
            models.UniqueConstraint(fields=["owner", "form"], name="one_kept_text_per_form"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("saved_at")), name="kept_text_expires"
            ),
            models.CheckConstraint(
                condition=models.Q(sent=False) | models.Q(sealed=b""), name="sent_form_keeps_nothing"
            ),
        ]
        indexes = [models.Index(fields=["owner", "page"], name="kept_text_of_page")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.page}"
