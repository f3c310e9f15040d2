from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PortalForm
from patients.comparing import compare, contradictions
from patients.forms.base import PatientForm, line
from patients.merge_words import unit_text
from patients.models import MergeGround, Patient, UndoReason

_CHOICE = "choice_"


class MergeForm(PatientForm):
    """Whose value stands in what the two records contradict each other, and how it is known that they are one."""

    ground = forms.ChoiceField(
        label=_("How do you know that they are one person?"),
        choices=MergeGround.choices,
        widget=forms.RadioSelect,
    )
    survivor_version = forms.IntegerField(widget=forms.HiddenInput)
    merged_version = forms.IntegerField(widget=forms.HiddenInput)
    #: Of both records, for a text that is kept: whether they still are what the choices were made between.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, survivor: Patient, merged: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = contradictions(compare(survivor, merged))
        for unit in asked:
            texts = [
                (side, unit_text(unit.name, one) or "—")
                for side, one in (("survivor", survivor), ("merged", merged))
            ]
            self.fields[f"{_CHOICE}{unit.name}"] = forms.ChoiceField(
                label=_("%(label)s: what stands?") % {"label": unit.label},
                choices=texts,
                widget=forms.RadioSelect,
            )
        self.order_fields([f"{_CHOICE}{unit.name}" for unit in asked])
        self.initial = {
            "survivor_version": survivor.version,
            "merged_version": merged.version,
            "version": f"{survivor.version}-{merged.version}",
            "ground": "identified" if survivor.is_unknown or merged.is_unknown else None,
            **self.initial,
        }

    def field_for(self, name: str) -> str | None:
        return super().field_for(name.replace("choices.", _CHOICE))

    def said(self) -> dict[str, Any]:
        """Arguments of `merge_patients`."""
        data = self.cleaned_data
        choices = {
            name.removeprefix(_CHOICE): value for name, value in data.items() if name.startswith(_CHOICE)
        }
        return {name: data[name] for name in ("ground", "survivor_version", "merged_version")} | {
            "choices": choices
        }


class UndoMergeForm(PatientForm):
    """Why two records that were merged are parted again."""

    reason = forms.ChoiceField(
        label=_("Why is the merge undone?"), choices=UndoReason.choices, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class OtherRecordForm(PortalForm):
    """The other record of the same person, by any of its numbers or by the name."""

    q = line(
        _("Name or number of the other record"),
        200,
        hint=_("Spaces and dashes don’t matter. Only patients of your facility are found."),
        required=True,
    )
