from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import SearchChoiceField, SplitDateField
from disclosure.models import DataKind
from patients import hospitals
from patients.forms.base import (
    COUNTRY_OF_COVERAGE_HINT,
    PatientForm,
    as_int,
    country_choices,
    fund_choices,
    line,
)
from patients.models import Consent, Coverage

USUAL_CONSENT_DAYS = 365
"""Our own proposal for the length of a consent, shown in the form and open to change."""


class ConsentForm(PatientForm):
    """What the patient consented to, for which country, for how long, and how they said it."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Consent.Purpose.choices, widget=forms.RadioSelect, initial="treatment"
    )
    recipient_country = forms.ChoiceField(label=_("Country that receives the data"), widget=forms.RadioSelect)
    recipient = SearchChoiceField(
        search=hospitals.search,
        find=hospitals.find,
        required=False,
        label=_("Hospital that may have the data"),
        help_text=_("Leave it empty for any hospital in that country to which the patient is sent."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which data may go there?"),
        choices=DataKind.choices,
        initial=DataKind.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick which data the patient agreed to.")},
    )
    valid_from = SplitDateField(label=_("Valid from"))
    valid_to = SplitDateField(label=_("Valid until"))
    how = forms.ChoiceField(
        label=_("How it was given"), choices=Consent.How.choices, widget=forms.RadioSelect
    )
    given_by = line(
        _("Given by"),
        200,
        hint=_("Leave it empty if the patient gave it. Otherwise: name, and what they are to the patient."),
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [row for row in country_choices() if row[0] != self.actor.country]
        self.fields["recipient_country"].choices = others  # type: ignore[attr-defined]
        today = zones.today()
        self.initial = {
            "valid_from": today,
            "valid_to": today + timedelta(days=USUAL_CONSENT_DAYS),
            **self.initial,
        }

    def terms(self) -> dict[str, Any]:
        """Arguments of `record_consent`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "next"}


class CoverageForm(PatientForm):
    """Who pays for the patient at home."""

    kind = forms.ChoiceField(
        label=_("Who pays at home"), choices=Coverage.Kind.choices, widget=forms.RadioSelect
    )
    fund = forms.ChoiceField(label=_("Fund"), required=False)
    country = forms.ChoiceField(
        label=_("Country of the coverage"), required=False, help_text=COUNTRY_OF_COVERAGE_HINT
    )
    number = line(_("Insurance number"), 40)
    valid_from = SplitDateField(label=_("Covered from"))
    valid_to = SplitDateField(
        label=_("Covered until"), required=False, help_text=_("Leave it empty if no end is known.")
    )
    source = forms.ChoiceField(
        label=_("How it is known"), choices=Coverage.Source.choices, widget=forms.RadioSelect
    )
    checked_on = SplitDateField(label=_("Checked on"))
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].choices = fund_choices()  # type: ignore[attr-defined]
        self.fields["country"].choices = country_choices("—")  # type: ignore[attr-defined]
        self.initial = {"checked_on": zones.today(), **self.initial}

    def terms(self) -> dict[str, Any]:
        """Arguments of `record_coverage` and of `correct_coverage`."""
        terms = {name: value for name, value in self.cleaned_data.items() if name != "next"}
        return terms | {"fund": as_int(terms["fund"])}
