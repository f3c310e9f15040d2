from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oauth2_provider.models import AbstractApplication

from core.api.secrets import mark_of
from core.permissions import Role, needs_second_person
from facilities.models.organisations import Organisation

# In which kinds of organisation a role makes sense. A partner system is a client, never a person.
ROLE_KINDS: dict[str, frozenset[str]] = {
    Role.CLINICIAN: frozenset({Organisation.Kind.FACILITY}),
    Role.HOST_DESK: frozenset({Organisation.Kind.FACILITY}),
    Role.OFFICER: frozenset({Organisation.Kind.MINISTRY}),
    Role.COORDINATOR: frozenset({Organisation.Kind.MINISTRY}),
    Role.APPROVER: frozenset({Organisation.Kind.FUND, Organisation.Kind.COMMISSION}),
    Role.AUDITOR: frozenset({Organisation.Kind.MINISTRY}),
    Role.ADMINISTRATOR: frozenset(Organisation.Kind),
    Role.PARTNER_SYSTEM: frozenset(),
}


def is_plain(secret: str) -> bool:
    """Whether a client's secret is the secret itself, and not its hash."""
    try:
        identify_hasher(secret)
    except ValueError:
        return True
    return False


class Membership(models.Model):
    """One role of one person in one organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    active = models.BooleanField(_("active"), default=True)
    # Unknown for a role that is older than these columns.
    since = models.DateTimeField(_("since"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation_id", "user_id", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.organisation}"

    def clean(self) -> None:
        """Refuse a role that the organisation's kind has no use for."""
        if self.role and self.organisation_id and self.organisation.kind not in ROLE_KINDS[self.role]:
            raise ValidationError({"role": _("This organisation has no such role.")})


class RoleRequest(models.Model):
    """An administrator asks that a person be given a role. Some take effect at once, the others by a second person."""

    class Outcome(models.TextChoices):
        GIVEN = "given", pgettext_lazy("role", "Given")
        REFUSED = "refused", pgettext_lazy("role", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("role", "Withdrawn")
        EXPIRED = "expired", pgettext_lazy("role", "Not confirmed in time")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_requests", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="role_requests", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    #: Whose administrator asked.
    asked_for = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    expires_at = models.DateTimeField(_("can be confirmed until"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("request for a role")
        verbose_name_plural = _("requests for roles")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(outcome=""),
                name="role_asked_for_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("asked_by")), name="role_not_asked_for_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("user")),
                name="role_not_decided_by_its_holder",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="given", decided_by=models.F("asked_by"))
                | models.Q(role__in=[role.value for role in Role if not needs_second_person(role)]),
                name="role_given_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.organisation}"


class PartnerClient(AbstractApplication):
    """The OAuth2 client of an organisation's own information system.

    `scopes` lists what its tokens may ask for. A revoked client gets no token, and its organisation's
    end stops it too. One that the operator asked for is `awaiting` the acceptance of the organisation's own
    administrator, who alone gets its secret.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="partner_clients", verbose_name=_("organisation")
    )
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    awaiting = models.BooleanField(_("waits to be accepted"), default=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )

    # A keyed hash of the secret, by which a right one is told from a wrong one at no cost, however many are tried.
    secret_mark = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(AbstractApplication.Meta):
        verbose_name = _("partner system")
        verbose_name_plural = _("partner systems")
        ordering = ["organisation_id", "name", "id"]

    def __str__(self) -> str:
        return self.name or self.client_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Mark a secret that is being set, before the toolkit makes a hash of it."""
        if is_plain(self.client_secret):
            self.secret_mark = mark_of(self.client_secret)
            if (names := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = [*names, "secret_mark"]
        super().save(*args, **kwargs)

    def is_usable(self, request: object) -> bool:
        """Whether a token may be given or used now (the toolkit asks on every one)."""
        return self.revoked_at is None and not self.awaiting and self.organisation.active
