"""The audit log: one immutable row for each thing that somebody did.

No foreign keys, so that a row outlives what it speaks of; triggers refuse updates and deletions and set the moment.
Beside the rows stands the chain that shows whether somebody who may do all that has done it (`core.audit.chain`).
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.walls.triggers import append_only, dated_by_database


class AuditRow(models.Model):
    """Who did what to which thing, when, for which organisation. No clinical content and no patient's name."""

    at = models.DateTimeField(_("at"), db_default=Now())
    action = models.CharField(_("action"), max_length=80)
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_id = models.CharField(_("actor"), max_length=80)
    actor_label = models.CharField(_("actor’s name"), max_length=200)
    organisation_id = models.BigIntegerField(_("organisation"), null=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    subject_type = models.CharField(_("kind of subject"), max_length=80, blank=True)
    subject_id = models.CharField(_("subject"), max_length=80, blank=True)
    details = models.JSONField(_("details"), default=dict)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    # A number used once, and the row's message authentication code: `core.audit.chain`.
    mac = models.CharField(max_length=96, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("audit row")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["country", "id"], name="audit_country"),
            # What an auditor searches for, each in the order of the page.
            models.Index(fields=["country", "action", "id"], name="audit_action"),
            models.Index(fields=["country", "actor_label", "id"], name="audit_actor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mac"], condition=~models.Q(mac=""), name="audit_mac_once")
        ]
        triggers = [append_only("audit_append_only"), dated_by_database("audit_dated")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class AuditSeal(models.Model):
    """A row's place in its country's chain: `position` counts from 1, `hash` is SHA-256 over all up to this row."""

    country = models.CharField(max_length=2, blank=True)
    position = models.BigIntegerField()
    row_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("seal of an audit row")
        verbose_name_plural = _("seals of audit rows")
        ordering = ["country", "position"]
        constraints = [models.UniqueConstraint(fields=["country", "position"], name="audit_place_once")]
        triggers = [append_only("audit_seal_append_only"), dated_by_database("audit_seal_dated", "sealed_at")]

    def __str__(self) -> str:
        return f"{self.country} {self.position}"


class AuditHead(models.Model):
    """The signed state of a country's chain at some moment; a copy of each stands outside the database.

    `unproven`: rows up to this key were there before the chain and prove nothing of their writer.
    """

    country = models.CharField(max_length=2, blank=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    row_id = models.BigIntegerField()
    unproven = models.BigIntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("signed head of the audit log")
        verbose_name_plural = _("signed heads of the audit log")
        ordering = ["country", "position"]
        constraints = [models.UniqueConstraint(fields=["country", "position"], name="audit_head_once")]
        indexes = [models.Index(fields=["at"], name="audit_head_at")]
        triggers = [append_only("audit_head_append_only")]

    def __str__(self) -> str:
        return f"{self.country} {self.position}"


class RefusalCount(models.Model):
    """How often the same was refused to the same within one minute: the first is a row of the log, the rest one more.

    So nobody can fill the log by asking in vain. `row` is what the log will say, as `core.audit.refusals` keeps it.
    """

    minute = models.DateTimeField(_("minute"))
    key = models.CharField(max_length=64)
    action = models.CharField(_("action"), max_length=80)
    times = models.PositiveIntegerField(_("times"), default=1)
    row = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("count of refusals")
        verbose_name_plural = _("counts of refusals")
        constraints = [models.UniqueConstraint(fields=["minute", "key"], name="refusal_counted_once")]
        indexes = [models.Index(fields=["minute", "action"], name="refusals_of_minute")]

    def __str__(self) -> str:
        return f"{self.action} {self.times}"
