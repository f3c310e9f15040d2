"""The ministry's authorisation: the S2 analogue."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from agreements.clocks import Limit
from core import days
from facilities.models import Facility
from referrals.models.listed import places_of_an_authorisation
from referrals.models.referral import Referral
from referrals.states import IN_FORCE_STATES, AuthorisationState

AUTHORISATION_CHOICES = [
    (AuthorisationState.NOT_REQUIRED, pgettext_lazy("authorisation state", "Not required")),
    (AuthorisationState.PENDING, pgettext_lazy("authorisation state", "Waits for the check")),
    (AuthorisationState.IN_REVIEW, pgettext_lazy("authorisation state", "Under review")),
    (AuthorisationState.CLOCK_STOPPED, pgettext_lazy("authorisation state", "Clock stopped")),
    (AuthorisationState.GRANTED, pgettext_lazy("authorisation state", "Granted")),
    (AuthorisationState.PARTLY_GRANTED, pgettext_lazy("authorisation state", "Granted in part")),
    (AuthorisationState.REFUSED, pgettext_lazy("authorisation state", "Refused")),
    (AuthorisationState.EXTENDED, pgettext_lazy("authorisation state", "Extended")),
    (AuthorisationState.REVOKED, pgettext_lazy("authorisation state", "Revoked")),
    (AuthorisationState.EXPIRED, pgettext_lazy("authorisation state", "Expired")),
    (AuthorisationState.APPEALED, pgettext_lazy("authorisation state", "Appealed")),
    (AuthorisationState.UPHELD, pgettext_lazy("authorisation state", "Refusal upheld")),
    (AuthorisationState.OVERTURNED, pgettext_lazy("authorisation state", "Refusal overturned")),
]

MAX_VALIDITY = timedelta(days=365)
#: What stands as the reason where nobody gave one; in English, to be translated where it is read.
SILENCE = gettext_noop("The time limit passed without a decision. Under the agreement this grants.")

_DECIDED = [
    AuthorisationState.GRANTED,
    AuthorisationState.PARTLY_GRANTED,
    AuthorisationState.REFUSED,
    AuthorisationState.EXTENDED,
    AuthorisationState.REVOKED,
    AuthorisationState.EXPIRED,
    AuthorisationState.APPEALED,
    AuthorisationState.UPHELD,
    AuthorisationState.OVERTURNED,
]
_VALID = [*IN_FORCE_STATES, AuthorisationState.REVOKED, AuthorisationState.EXPIRED]


class DecisionReason(models.TextChoices):
    """Reason codes of a decision (grounds of Reg. 883/2004 Art 20(2) and Directive 2011/24/EU Art 8)."""

    NOT_AVAILABLE_HOME = "not_available_home", _("The care is not available at home")
    UNDUE_DELAY = "undue_delay", _("The wait at home is longer than medically justified")
    NEAREST_HOSPITAL = "nearest_hospital", _("The host hospital is the nearest that offers the care")
    OTHER_GRANT = "other_grant", _("Another ground for granting")
    IN_PART = "in_part", _("Only a part of the care is covered")
    AVAILABLE_HOME = "available_home", _("The care is available at home in time")
    NOT_COVERED = "not_covered", _("The care or the person is not covered")
    PATIENT_SAFETY = "patient_safety", _("The journey or the care is an unacceptable risk for the patient")
    PUBLIC_SAFETY = "public_safety", _("A risk for public health")
    HOST_CONCERN = "host_concern", _("A concern about the host’s quality or licence")
    NOT_JUSTIFIED = "not_justified", _("The medical need is not shown")
    DUPLICATE = "duplicate", _("The same care is already under way")
    OTHER_REFUSAL = "other_refusal", _("Another ground for refusing")


GRANT_REASONS = frozenset(
    {
        DecisionReason.NOT_AVAILABLE_HOME,
        DecisionReason.UNDUE_DELAY,
        DecisionReason.NEAREST_HOSPITAL,
        DecisionReason.OTHER_GRANT,
    }
)
PARTLY_REASONS = GRANT_REASONS | {DecisionReason.IN_PART}
REFUSAL_REASONS = frozenset(DecisionReason) - GRANT_REASONS - {DecisionReason.IN_PART}


class Authorisation(models.Model):
    """Whether, for what, where and until when the directing ministry pays for care across the border.

    The clock: `due_at` is when the decision is due; while `stopped_at` is set it stands still, and restarting moves
    `due_at` by the length of the stop. `hard_due_at` never moves.
    """

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="authorisation")
    state = models.CharField(_("state"), max_length=20, choices=AUTHORISATION_CHOICES)
    clock_started_at = models.DateTimeField(_("clock started at"), null=True, blank=True)
    due_at = models.DateTimeField(_("decision due at"), null=True, blank=True)
    hard_due_at = models.DateTimeField(_("decision due at the latest"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("clock stopped at"), null=True, blank=True)
    stopped_seconds = models.PositiveIntegerField(_("clock stood still, seconds"), default=0)
    # The limit of the stage that is under way, whose working days it counts, and whether questions stop it.
    limit_hours = models.PositiveIntegerField(_("limit, hours"), default=0)
    limit_days = models.PositiveSmallIntegerField(_("limit, working days"), default=0)
    clock_country = models.CharField(_("whose calendar"), max_length=2, blank=True)
    clock_stops = models.BooleanField(_("questions stop the clock"), default=True)
    # The place in its chain of the stage that is under way, or was the last one; 0 where nobody has to approve.
    stage = models.PositiveSmallIntegerField(_("stage"), default=0)
    stages_in_all = models.PositiveSmallIntegerField(_("stages in all"), default=0)
    # An earlier body approved a part alone, so nobody after it grants the whole.
    partly = models.BooleanField(_("a part was approved"), default=False)
    # Who signed a grant above the ceiling that now waits for a second person.
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    by_silence = models.BooleanField(_("granted by silence"), default=False)
    decided_by_label = models.CharField(_("decided by (name)"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=30, choices=DecisionReason, blank=True)
    reason_text = models.TextField(_("reason in words"), max_length=2000, blank=True)
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("authorised facility"),
    )
    care_text = models.CharField(_("authorised care"), max_length=500, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    ceiling_amount = models.DecimalField(_("ceiling"), max_digits=14, decimal_places=2, null=True, blank=True)
    ceiling_currency = models.CharField(_("currency of the ceiling"), max_length=3, blank=True)
    appeal_due_at = models.DateTimeField(_("appeal possible until"), null=True, blank=True)
    appeal_text = models.TextField(_("appeal"), max_length=4000, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    review_text = models.TextField(_("review in words"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        triggers = [places_of_an_authorisation()]
        constraints = [
            days.possible("authorisation_days_possible", "valid_from", "valid_until"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AuthorisationState]),
                name="authorisation_state_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=_DECIDED, decided_at__isnull=False)
                    & (Q(decided_by__isnull=False) | Q(by_silence=True))
                    & ~Q(reason_text="")
                )
                | (~Q(state__in=_DECIDED)),
                name="decision_has_officer_date_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_VALID)
                | Q(valid_from__isnull=False, valid_until__isnull=False, facility__isnull=False),
                name="grant_has_dates_and_facility",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="authorisation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__lte=F("valid_from") + MAX_VALIDITY),
                name="authorisation_lasts_a_year_at_most",
            ),
            models.CheckConstraint(
                condition=Q(state=AuthorisationState.CLOCK_STOPPED, stopped_at__isnull=False)
                | (~Q(state=AuthorisationState.CLOCK_STOPPED) & Q(stopped_at__isnull=True)),
                name="stopped_clock_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_amount__isnull=True, ceiling_currency="")
                | (Q(ceiling_amount__gt=0) & ~Q(ceiling_currency="")),
                name="ceiling_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, review_text="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(review_text="")),
                name="review_has_officer_date_and_text",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="authorisation_by_clock")]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.state}"

    @property
    def limit(self) -> Limit | None:
        """The limit of the stage that is under way; None where no clock runs by one."""
        if not self.limit_hours and not self.limit_days:
            return None
        return Limit(hours=self.limit_hours, working_days=self.limit_days)

    @property
    def is_in_force(self) -> bool:
        """Granted, wholly or in part, and neither revoked nor expired."""
        return self.state in IN_FORCE_STATES
