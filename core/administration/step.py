"""The step before the administration: the password once more, in this session, not long ago.

Whoever proves themselves by a second factor takes the place of these two functions; the site asks nothing else.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm

_KEY = "administration_entered_at"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of this session took the step within `settings.ADMIN_STEP_MINUTES`."""
    age = timezone.now().timestamp() - float(request.session.get(_KEY, 0))
    return 0 <= age < timedelta(minutes=settings.ADMIN_STEP_MINUTES).total_seconds()


def take(session: Any) -> None:
    """Note that the person of this session has just proved who they are."""
    session[_KEY] = timezone.now().timestamp()


class StepForm(PortalForm):
    """The password of who is signed in; guesses at it are counted like those at the sign-in."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        self.request = request

    def clean_password(self) -> str:
        user: Any = self.request.user
        password = self.cleaned_data["password"]
        found = authenticate(self.request, username=user.get_username(), password=password)
        if found is None or found.pk != user.pk:
            raise ValidationError(_("The password is wrong."))
        return ""
