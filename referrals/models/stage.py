"""The stages of an authorisation: the bodies of its chain, one row each, and how far each one is."""

from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements.chains import Stage
from core.names import in_active_language
from facilities.models import Country, Organisation
from referrals.models.authorisation import Authorisation, DecisionReason
from referrals.models.referral import Referral
from referrals.states import StageState

STAGE_CHOICES = [
    (StageState.WAITING, pgettext_lazy("stage", "Waits for its turn")),
    (StageState.IN_REVIEW, pgettext_lazy("stage", "Under review")),
    (StageState.CLOCK_STOPPED, pgettext_lazy("stage", "Clock stopped")),
    (StageState.GRANTED, pgettext_lazy("stage", "Approved")),
    (StageState.PARTLY_GRANTED, pgettext_lazy("stage", "Approved in part")),
    (StageState.REFUSED, pgettext_lazy("stage", "Refused")),
    (StageState.PASSED_OVER, pgettext_lazy("stage", "Not needed")),
]
_DECIDED = Q(state__in=[StageState.GRANTED, StageState.PARTLY_GRANTED, StageState.REFUSED])


class AuthorisationStage(models.Model):
    """One body's part of an authorisation. `setting` is the stage as the version of the agreement had it at filing.

    Without an `organisation` any officer of the ministry of `country` decides. `since` is when the case reached it,
    `silent` says that silence granted. `terms` are what the body approves: window, ceiling and care, as texts; what a
    first person signed waits in them for the second.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="stages")
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField(_("position"))
    setting = models.JSONField(_("setting"))
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", verbose_name=_("country"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body")
    )
    state = models.CharField(
        _("state"), max_length=20, choices=STAGE_CHOICES, default=StageState.WAITING.value
    )
    since = models.DateTimeField(_("since"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    terms = models.JSONField(_("terms"), default=dict, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by_label = models.CharField(_("decided by (name)"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_label = models.CharField(_("signed first by (name)"), max_length=200, blank=True)
    signed_at = models.DateTimeField(_("signed first at"), null=True, blank=True)
    silent = models.BooleanField(_("by silence"), default=False)
    reason_code = models.CharField(_("reason"), max_length=30, choices=DecisionReason, blank=True)
    reason_text = models.TextField(_("reason in words"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("stage of an authorisation")
        verbose_name_plural = _("stages of authorisations")
        ordering = ["authorisation_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "position"], name="stage_position_once"),
            models.UniqueConstraint(
                fields=["authorisation"],
                condition=Q(state__in=[StageState.IN_REVIEW, StageState.CLOCK_STOPPED]),
                name="one_open_stage_of_an_authorisation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in StageState]), name="stage_state_known"
            ),
            models.CheckConstraint(
                condition=(_DECIDED & Q(decided_at__isnull=False) & ~Q(reason_text=""))
                | (~_DECIDED & Q(decided_at__isnull=True)),
                name="stage_decision_has_date_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(signed_by=models.F("decided_by")),
                name="stage_is_signed_by_two_persons",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="stage_by_clock"),
            models.Index(fields=["organisation", "decided_at"], name="stage_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.authorisation_id}.{self.position} {self.state}"

    @cached_property
    def rule(self) -> Stage:
        """What the agreement says of this stage."""
        return Stage.of(self.setting)

    @property
    def name(self) -> str:
        """What the stage is called, in the active language."""
        return in_active_language(self.setting["name"])

    @property
    def ceiling(self) -> tuple[Decimal | None, str]:
        """The ceiling among its terms."""
        amount = self.terms.get("ceiling_amount")
        return (Decimal(amount) if amount else None), self.terms.get("ceiling_currency", "")
