"""Forms of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from core import languages, zones
from core.forms import CleanCharField, PortalForm


class SignInForm(PortalForm, AuthenticationForm):
    """User name and password. A wrong pair gets one sentence that doesn't say which half was wrong."""

    username = CleanCharField(label=_("User name"), max_length=150)
    password = forms.CharField(label=_("Password"), strip=False, widget=forms.PasswordInput)
    error_messages = {
        "invalid_login": _(
            "The user name or the password is wrong. Both tell capital letters from small ones."
        ),
        "inactive": _("This account is closed. Ask the administrator of your organisation."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["password"].widget.attrs |= {"autocomplete": "current-password"}


class PlaceForm(PortalForm):
    """The language in which the portal speaks and writes to its user, and the clock by which it tells the time."""

    preferred_language = forms.ChoiceField(
        label=_("Language of pages and notices"),
        choices=languages.own_names(),
        widget=forms.RadioSelect,
    )
    time_zone = forms.ChoiceField(
        label=_("Times are shown in"),
        required=False,
        choices=[("", _("the time of my organisation")), *zones.CHOICES],
        widget=forms.RadioSelect,
        help_text=_("Appointments are shown by the clock of the hospital where they are."),
    )


class PasswordForm(PortalForm, PasswordChangeForm):
    """A new password, typed twice, and the old one to show that it is really they: Django's form in our words."""

    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password1, new_password2 = PasswordChangeForm.create_password_fields(
        _("New password"), _("New password again")
    )
    new_password1.help_text = _(
        "At least 12 characters. Several words are easier to keep in mind than signs."
    )
    new_password2.help_text = ""
    error_messages = {
        "password_incorrect": _("The present password is wrong."),
        "password_mismatch": _("The two new passwords differ. Type the same one twice."),
    }

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """Says what is wrong with a password where it was chosen; Django says it where it was repeated."""
        super().validate_password_for_user(user, "new_password1")


class CodeForm(PortalForm):
    """A code of an app, or a recovery code."""

    code = CleanCharField(label=_("Code"), max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class NewAuthenticatorForm(CodeForm):
    """The name that a person gives their app, and the code that it shows."""

    name = CleanCharField(
        label=_("Name of the device"), max_length=64, help_text=_("For instance: my telephone.")
    )
    secret = forms.CharField(widget=forms.HiddenInput)
    field_order = ["secret", "name", "code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits that the app shows now.")


class ResetForm(PortalForm):
    """Why somebody's second factor is taken away."""

    reason = CleanCharField(
        label=_("How did you make sure who asks?"),
        max_length=200,
        help_text=_("It stands in the audit log. No names of patients."),
    )
