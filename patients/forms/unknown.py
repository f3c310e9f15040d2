"""The form for a patient who can't say who they are."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from core import languages, zones
from core.partial import PartialDate
from patients.forms.base import PatientForm, line
from patients.forms.keys import new_key, read_key
from patients.models import Patient


class UnknownPatientForm(PatientForm):
    """An emergency: a patient who can't say who they are and carries no papers."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Patient.Sex.choices, widget=forms.RadioSelect)
    age = forms.IntegerField(
        label=_("Estimated age in years"),
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Enter the age in whole years, in digits."),
            "min_value": _("Enter an age from 0 to 120."),
            "max_value": _("Enter an age from 0 to 120."),
        },
    )
    description = line(
        _("Description"), 500, hint=_("Marks, clothing, place where the patient was found."), required=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"key": new_key(self.actor.id), "sex": "unknown", **self.initial}

    def person(self) -> dict[str, Any]:
        """Arguments of `register_patient`. An age becomes the year of birth, as an estimate."""
        age = self.cleaned_data["age"]
        born = None if age is None else PartialDate.read(f"{zones.today().year - age}")
        return {
            "is_unknown": True,
            "sex": self.cleaned_data["sex"],
            "birth_date": born,
            "birth_date_estimated": born is not None,
            "description": self.cleaned_data["description"],
            "preferred_language": languages.OF_COUNTRY.get(self.actor.country, "ru"),
        }

    def patient_id(self) -> UUID | None:
        """As in `RegisterForm`."""
        return read_key(self.data.get("key", ""), self.actor.id)
