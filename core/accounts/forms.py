"""Forms of one's own account."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import languages
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


class LanguageForm(PortalForm):
    """The language in which the portal speaks and writes to its user."""

    preferred_language = forms.ChoiceField(
        label=_("Language of pages and notices"),
        choices=languages.own_names(),
        widget=forms.RadioSelect,
    )


class PasswordForm(PortalForm):
    """A new password, typed twice, and the old one to show that it is really they."""

    old_password = forms.CharField(label=_("Present password"), strip=False, widget=forms.PasswordInput)
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("At least 12 characters. Several words are easier to keep in mind than signs."),
    )
    new_password_again = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = (
                "current-password" if name == "old_password" else "new-password"
            )

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise ValidationError(_("The present password is wrong."), code="wrong")
        return password

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("new_password"), self.cleaned_data.get("new_password_again")
        if first and second and first != second:
            self.add_error("new_password_again", _("The two new passwords differ. Type the same one twice."))
