"""The person who signs in. Which organisations they act for stands in `facilities.Membership`."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core import languages, zones
from core.actors import SYSTEM
from core.audit.log import record


class UserManager(DjangoUserManager["User"]):
    """Makes accounts. One with all rights is made from the command line alone, and its row of the log with it."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        with transaction.atomic():
            user = super().create_superuser(username, email, password, **extra)
            record("account.create_superuser", by=SYSTEM, subject=user, details={"by": "command line"})
        return user


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person with an account. The name is one field, as in the person's document."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    preferred_language = models.CharField(
        _("preferred language"), max_length=2, choices=languages.choices, default="ru"
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        blank=True,
        choices=zones.CHOICES,
        help_text=_("Empty: that of the organisation."),
    )
    # When they chose it themselves; the administrator's first guess has no moment.
    language_chosen_at = models.DateTimeField(_("language chosen at"), null=True, blank=True, editable=False)
    # When somebody gave the account another address, and who: until that has been seen, they send no link there.
    email_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    email_changed_by = models.BigIntegerField(null=True, blank=True, editable=False)
    # Raised to end every session at once: it is part of what a session must know.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, and another one for each time that all sessions were ended."""
        found: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{found}:{self.sessions_ended}" if self.sessions_ended else found

    def end_sessions(self) -> None:
        """Sign the person out everywhere, from the next request on; the caller's transaction holds it."""
        type(self).objects.filter(pk=self.pk).update(sessions_ended=F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])


class PasswordLink(models.Model):
    """A link by which a person sets the password of their account once: for a first one or a forgotten one.

    The link itself stands nowhere: it is this row's key, signed, and is made when the e-mail is written.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("New password")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["user"], name="password_link_open", condition=models.Q(used_at=None, ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"
