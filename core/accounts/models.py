"""The person who signs in. Which organisations they act for stands in `facilities.Membership`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import languages


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person with an account. The name is one field, as in the person's document."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=200)
    email = models.EmailField(_("e-mail address"), blank=True)
    preferred_language = models.CharField(
        _("preferred language"), max_length=2, choices=languages.choices, default="ru"
    )
    # When they chose it themselves; the administrator's first guess has no moment.
    language_chosen_at = models.DateTimeField(_("language chosen at"), null=True, blank=True, editable=False)

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
