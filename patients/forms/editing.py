"""The form for the data of a patient who is registered already."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ANY_DAY, SplitDateField
from patients.forms.base import Group, line
from patients.forms.person import CITIZENSHIPS, PersonForm
from patients.models import Patient


class EditForm(PersonForm):
    """The data of a patient who is registered already."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    deceased_on = SplitDateField(label=_("Date of death"), required=False, **ANY_DAY)
    description = line(_("Description"), 500, hint=_("Marks, clothing, place where the patient was found."))
    identified = forms.BooleanField(label=_("The patient’s identity is known now"), required=False)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        self.patient = patient
        super().__init__(*args, **kwargs)
        if patient.is_unknown:  # until the identity is known; then the action asks for it, and for a name
            self.fields["birth_date"].required = False
        else:
            del self.fields["identified"], self.fields["description"]

    def person(self) -> dict[str, Any]:
        """As typed, and the citizenships for which the form has no field."""
        data = super().person()
        if data["citizenships"]:
            data["citizenships"] += self.patient.citizenships[len(CITIZENSHIPS) :]
        return data

    @property
    def groups(self) -> list[Group]:
        """The person's groups, with what only an edit asks."""
        last = [self[name] for name in ("deceased_on",)]
        unknown = [self[name] for name in ("identified", "description") if name in self.fields]
        found = [Group(_("Unknown patient"), "", unknown)] if unknown else []
        return [*found, *super().groups, Group(_("Death"), "", last, is_rare=True)]

    def changes(self) -> dict[str, Any]:
        """Arguments of `update_patient`."""
        changes = self.person() | {"deceased_on": self.cleaned_data.get("deceased_on")}
        if self.patient.is_unknown:
            changes["description"] = self.cleaned_data.get("description") or ""
            changes["is_unknown"] = not self.cleaned_data.get("identified")
        return changes
