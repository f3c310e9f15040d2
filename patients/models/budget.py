from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LookupBudget(models.Model):
    """How many look-ups of one organisation, account or client found nobody, since when, and whether that was too many.

    Look-ups across organisations only. Once `locked_at` is set nothing but a person's unlocking (an audit row with its
    reason) clears it: no restart, and no window that passes.
    """

    class Scope(models.TextChoices):
        ORGANISATION = "organisation", _("Organisation")
        ACCOUNT = "account", _("Account")
        CLIENT = "client", _("Partner system")

    scope = models.CharField(_("Counted for"), max_length=12, choices=Scope)
    subject = models.CharField(max_length=80)
    label = models.CharField(_("Who"), max_length=200)
    organisation = models.ForeignKey(
        "facilities.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Organisation"),
    )
    window_from = models.DateTimeField(_("Counted since"), default=timezone.now)
    failed = models.PositiveIntegerField(_("Look-ups that found nobody"), default=0)
    locked_at = models.DateTimeField(_("Locked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget of look-ups")
        verbose_name_plural = _("budgets of look-ups")
        ordering = ["-locked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "subject"], name="lookup_budget_unique"),
            models.CheckConstraint(
                name="lookup_budget_scope_known", condition=Q(scope__in=["organisation", "account", "client"])
            ),
        ]

    def __str__(self) -> str:
        return f"Look-up budget {self.scope} {self.subject}"
