"""The form by which an organisation's administrator invites a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import languages
from core.forms import CleanCharField, PortalForm
from core.permissions import Role, needs_second_person
from facilities.actions import Invitation
from facilities.models.people import ROLE_KINDS


class InviteForm(PortalForm):
    """Who, where the invitation goes, and as what. The organisation's `kind` decides on the roles."""

    full_name = CleanCharField(
        label=_("Full name"), help_text=_("As in the person’s document."), max_length=200
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person’s own, at which nobody else reads. It becomes the user name."),
        max_length=150,
        error_messages={"invalid": _("Write the whole address, for instance name@hospital.example.")},
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=languages.own_names(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if kind in ROLE_KINDS[role]]
        self.fields["role"].choices = [(role.value, _label(role)) for role in roles]  # type: ignore[attr-defined]
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    @property
    def whom(self) -> Invitation:
        given = self.cleaned_data
        return Invitation(email=given["email"], full_name=given["full_name"], language=given["language"])


def _label(role: Role) -> str:
    if needs_second_person(role):
        return str(_("%(role)s: a second administrator confirms it")) % {"role": role.label}
    return str(role.label)
