"""Eligibility checks: each run of the rules is kept, with its inputs' hash and every outcome."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.models.referral import Referral


class Outcome(models.TextChoices):
    """What a rule says. Missing evidence is never a pass."""

    PASS = "pass", pgettext_lazy("rule outcome", "Passed")
    FAIL = "fail", pgettext_lazy("rule outcome", "Failed")
    NEEDS_REVIEW = "needs_review", pgettext_lazy("rule outcome", "To review")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("rule outcome", "Not applicable")


class Recommendation(models.TextChoices):
    """What all rules together recommend. A named officer decides."""

    GRANT = "grant", _("The rules recommend granting")
    REVIEW = "review", _("The rules leave it to the officer")
    REFUSE = "refuse", _("The rules recommend refusing")


class EligibilityCheck(models.Model):
    """One run of all rules on the facts of one moment."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="checks")
    rule_set_version = models.CharField(_("version of the rules"), max_length=20)
    agreement_code = models.CharField(_("agreement"), max_length=40)
    agreement_version = models.PositiveSmallIntegerField(_("version of the agreement"), default=1)
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64)
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Recommendation)
    again = models.BooleanField(_("run again because a fact had changed"), default=False)
    checked_at = models.DateTimeField(_("checked at"), db_default=Now())

    class Meta:
        verbose_name = _("eligibility check")
        verbose_name_plural = _("eligibility checks")
        ordering = ["-id"]
        indexes = [models.Index(fields=["referral", "-id"], name="check_of_referral")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.recommendation}"


class RuleResult(models.Model):
    """One rule's outcome: a message key with parameters, put into words where it is read."""

    check_run = models.ForeignKey(EligibilityCheck, models.PROTECT, related_name="results")
    position = models.PositiveSmallIntegerField(_("position"))
    rule = models.CharField(_("rule"), max_length=10)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome)
    # Of a check that was run again: the outcome before, where this rule now finds something else.
    was = models.CharField(_("outcome before"), max_length=15, blank=True, choices=Outcome)
    blocking = models.BooleanField(_("blocking"))
    message = models.CharField(_("message key"), max_length=60)
    params = models.JSONField(_("parameters"), default=dict)
    evidence = models.JSONField(_("evidence"), default=list)

    class Meta:
        verbose_name = _("rule result")
        verbose_name_plural = _("rule results")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["check_run", "rule"], name="rule_once_in_a_check")]

    def __str__(self) -> str:
        return f"{self.rule} {self.outcome}"
