from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanTextField
from patients.actions.linking import Ground
from patients.forms.base import PatientForm, line
from patients.models import Consent, Registration

KINDS = [one for one in Registration.Ground.choices if one[0] != Registration.Ground.REGISTERED]


class GroundForm(PatientForm):
    """By what right a record of another hospital is asked for."""

    ground_kind = forms.ChoiceField(
        label=_("Why do you ask for this record?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why you may ask for another hospital’s record.")},
    )
    ground_how = forms.ChoiceField(
        label=_("How the patient consented"),
        choices=Consent.How.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    ground_given_by = line(
        _("Given by"),
        200,
        hint=_("Leave it empty if the patient gave it. Otherwise: name, and what they are to the patient."),
    )
    ground_covers = forms.MultipleChoiceField(
        label=_("What the consent covers, besides who the patient is"),
        choices=Registration.Part.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick only what the patient agreed to. Nothing else is shown."),
    )
    ground_reason = CleanTextField(
        label=_("What the emergency is, and why the patient can’t be asked"),
        max_length=500,
        rows=3,
        required=False,
    )

    def field_for(self, name: str) -> str | None:
        return super().field_for(name.replace("ground.", "ground_"))

    def ground(self) -> Ground:
        """As it was said; empty where nothing was."""
        names = ("kind", "how", "given_by", "covers", "reason")
        return Ground(**{name: self.cleaned_data.get(f"ground_{name}") or _EMPTY[name] for name in names})


_EMPTY: dict[str, Any] = {"kind": "", "how": "", "given_by": "", "covers": (), "reason": ""}
