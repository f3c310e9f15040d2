"""What the API keeps: answers given under an Idempotency-Key, and request counts while the cache is away."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class StoredAnswer(models.Model):
    """What is known of the answer that a change with an Idempotency-Key got, committed together with the change.

    `owner` is who sent it, `fingerprint` a hash of method, path and body. `body` has the id of what was answered, and
    nothing that was said. Kept seven days (`tasks.purge`).
    """

    owner = models.CharField(_("owner"), max_length=160)
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_owner_and_key")]
        indexes = [models.Index(fields=["created_at"], name="stored_answer_created")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class RequestCount(models.Model):
    """Requests of one client in one window of time, counted here only while the cache can't be reached."""

    bucket = models.CharField(_("bucket"), max_length=200, primary_key=True)
    count = models.PositiveIntegerField(_("count"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("request count")
        verbose_name_plural = _("request counts")

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
