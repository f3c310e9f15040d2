"""The forms of the register of public-health alerts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import CleanCharField, CleanTextField, PortalForm, SplitDateField
from facilities.access import district_by_value
from facilities.forms import district_field
from facilities.models import Measure


class AlertForm(PortalForm):
    """What an officer signs."""

    area = district_field(
        label=_("District"), required=False, help_text=_("Leave it empty for the whole country.")
    )
    group = CleanCharField(
        label=_("Group of diagnoses (ICD-10)"),
        max_length=7,
        help_text=_("A category such as A00, or a range such as A00-A09."),
    )
    since = SplitDateField(label=_("First day"))
    until = SplitDateField(label=_("Last day"), help_text=_("The alert ends by itself after this day."))
    measure = forms.ChoiceField(label=_("Measure"), choices=Measure.choices, widget=forms.RadioSelect)
    text = CleanTextField(label=_("What is it about?"), noun=_("What it is about"), max_length=2000, rows=4)
    source = CleanCharField(
        label=_("Source"), max_length=500, help_text=_("For example the document with its number and date.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"since": zones.today()}, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """The action's arguments besides the actor."""
        area = self.cleaned_data["area"]
        return {**self.cleaned_data, "area": district_by_value(area) if area else None}


class EndAlertForm(PortalForm):
    """Why an alert is ended before its last day."""

    reason = CleanCharField(label=_("Why is it ended?"), noun=_("Reason"), max_length=500)
