"""Events, the jobs that follow from them, and the messages that tell people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core import languages
from core.channels import labels
from core.sealed.fields import EncryptedTextField


class Event(models.Model):
    """Something that happened, written in the transaction in which it happened."""

    kind = models.CharField(_("kind"), max_length=80)
    subject_type = models.CharField(_("kind of subject"), max_length=80)
    subject_id = models.CharField(_("subject"), max_length=80)
    payload = models.JSONField(_("payload"), default=dict)
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_id = models.CharField(_("actor"), max_length=80)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Job(models.Model):
    """One piece of work that an event asks for.

    A job is due when it is neither finished nor failed and `next_attempt_at` has passed. Claiming it moves
    `next_attempt_at` ahead by the lease, so a killed worker's job becomes due again by itself.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("event"))
    handler = models.CharField(_("handler"), max_length=80)
    key = models.CharField(_("key"), max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "handler", "key"], name="job_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(failed_at__isnull=True),
                name="job_finished_or_failed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="job_due",
                condition=Q(finished_at__isnull=True, failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.key}".strip()


#: The channel whose messages are read in the portal itself.
INBOX = "inbox"


class UndeliveredReason(models.TextChoices):
    """Why a message didn't reach its recipient."""

    NO_ADDRESS = "no_address", _("No e-mail address or telephone number is known.")
    CHANNEL_OFF = "channel_off", _("The portal doesn’t use this way of sending.")
    REFUSED = "refused", _("The address or the number was refused.")
    FAILED = "failed", _("Sending failed again and again.")


class Message(models.Model):
    """One event told to one recipient over one channel; the database allows it once.

    Words are made from `kind` and `params` when the message is shown or sent, in the reader's language.
    `params` holds no clinical content. `recipient` is a stable key such as `user:12` or `patient:<uuid>`. `channel` is
    a folder of `core/channels`, empty where none reaches the recipient: such a message is marked as undelivered, as
    is one whose sending was given up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="messages", verbose_name=_("event")
    )
    kind = models.CharField(_("kind"), max_length=80)
    params = models.JSONField(_("parameters"), default=dict)
    link = models.CharField(_("link"), max_length=200, blank=True)
    recipient = models.CharField(_("recipient"), max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="inbox",
        verbose_name=_("user"),
    )
    channel = models.CharField(_("channel"), max_length=10, blank=True, choices=labels)
    address = EncryptedTextField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=languages.choices)
    needs_action = models.BooleanField(_("needs an action"), default=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    undelivered_at = models.DateTimeField(_("not delivered; given up at"), null=True, blank=True)
    undelivered_reason = models.CharField(
        _("why it was not delivered"), max_length=12, blank=True, choices=UndeliveredReason
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient", "channel"], name="message_once"),
            models.CheckConstraint(
                condition=~Q(channel=INBOX) | Q(user__isnull=False), name="inbox_has_a_user"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["", INBOX]) | ~Q(address=""), name="sent_message_has_an_address"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | (~Q(channel="") & Q(undelivered_at__isnull=True)),
                name="message_sent_or_undelivered",
            ),
            models.CheckConstraint(
                condition=Q(undelivered_at__isnull=True, undelivered_reason="")
                | (Q(undelivered_at__isnull=False) & ~Q(undelivered_reason="")),
                name="message_undelivered_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="inbox_of_user", condition=Q(channel=INBOX)),
            models.Index(
                fields=["user"], name="inbox_unread", condition=Q(channel=INBOX, read_at__isnull=True)
            ),
            models.Index(
                fields=["-undelivered_at"],
                name="message_undelivered",
                condition=Q(undelivered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient} {self.channel}"
