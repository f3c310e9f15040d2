"""The audit log: one immutable row for each thing that somebody did.

No foreign keys, so that a row outlives what it speaks of; a trigger refuses updates and deletions.
"""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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

    class Meta:
        verbose_name = _("audit row")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["country", "id"], name="audit_country"),
        ]
        triggers = [
            pgtrigger.Protect(name="audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


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
