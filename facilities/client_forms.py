"""The form that makes the credentials of a partner's system."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.api.permissions import SCOPES
from core.forms import CleanCharField, PortalForm
from facilities.models import Facility


class ClientForm(PortalForm):
    """A name, what the system may do, and for the operator's administrator whose system it is."""

    organisation = CleanCharField(
        label=_("Code of the facility"),
        help_text=_("As in the directory, for instance F0001."),
        max_length=20,
    )
    name = CleanCharField(
        label=_("What is the system called?"),
        noun=_("Name of the system"),
        help_text=_("Your own name for it, so that you know which one to revoke."),
        max_length=100,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give it no more than it needs."),
        error_messages={"required": _("Choose at least one thing that the system may do.")},
    )

    def __init__(self, *args: Any, facilities: Any, own: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facilities, self.own = facilities, own
        if own is not None:
            del self.fields["organisation"]

    def clean_organisation(self) -> Facility:
        found: Facility | None = self.facilities.filter(
            organisation__code__iexact=self.cleaned_data["organisation"]
        ).first()
        if found is None:
            raise forms.ValidationError(_("The directory has no facility with this code."))
        return found

    @property
    def organisation_id(self) -> int:
        """Whose system it will be."""
        if self.own is not None:
            return self.own
        facility: Facility = self.cleaned_data["organisation"]
        return facility.pk
