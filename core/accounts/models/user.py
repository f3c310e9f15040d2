"""The person who signs in. Which organisations they act for stands in `facilities.Membership`."""

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core import languages, zones


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

    # Sessions of an earlier number are over: see the trigger, and `accounts.actions.sign_out_everywhere`.
    session_number = models.PositiveIntegerField(default=0, editable=False)

    #: The hash that `set_password` replaced; empty until then.
    password_before = ""

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        triggers = [
            # Whoever closes or reopens an account, by whatever way: no session of before comes to life again.
            pgtrigger.Trigger(
                name="closing_ends_sessions",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.is_active IS DISTINCT FROM NEW.is_active"),
                func="NEW.session_number = OLD.session_number + 1; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def set_password(self, raw_password: str | None) -> None:
        """As ever; the hash of before is handed to the validators, which remember it."""
        self.password_before = self.password
        super().set_password(raw_password)

    def get_session_auth_hash(self) -> str:
        return self._session_hash()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """By an earlier key too, while keys are being changed (Django's name)."""
        return self._session_hash(secret)

    def _session_hash(self, secret: str | None = None) -> str:
        """What a session must carry: it changes with the password, and when all sessions are ended."""
        text = f"{self.password}:{self.session_number}"
        return salted_hmac("core.accounts.session", text, secret=secret, algorithm="sha256").hexdigest()
