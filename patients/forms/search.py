from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ANY_DAY, PartialDateField, PortalForm, SplitDateField
from patients.actions.numbers import REMOVAL_REASONS
from patients.forms.base import (
    ISSUED_BY_HINT,
    PARTLY_KNOWN,
    CountryField,
    PatientForm,
    line,
    number_field,
    system_choices,
)


class FindForm(PortalForm):
    """One box for every kind of number and for names, with a date of birth to narrow it."""

    q = line(
        _("Name or number"),
        200,
        hint=_(
            "A name in Cyrillic or Latin letters, or any number of the patient. Spaces and dashes don’t matter."
        ),
        required=True,
    )
    born = PartialDateField(
        label=_("Date of birth"), required=False, help_text=_("The year alone finds everybody of that year.")
    )


class NumberForm(PatientForm):
    """One number of a patient."""

    system = forms.ChoiceField(label=_("Kind of number"))
    value = number_field(_("Number"), _("Spaces and dashes don’t matter."), required=True)
    country = CountryField(label=_("Issued by"), required=False, help_text=ISSUED_BY_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = system_choices("—")  # type: ignore[attr-defined]


class IdentifierForm(NumberForm):
    """One more number for a patient who is registered already."""

    expires_on = SplitDateField(
        label=_("Valid until"),
        required=False,
        help_text=_("Leave it empty if the document names no end."),
        **ANY_DAY,
    )


class LinkForm(NumberForm):
    """A patient who is known at another facility: the number and the date of birth must both be right."""

    birth_date = PartialDateField(label=_("Date of birth"), help_text=PARTLY_KNOWN)


class RemoveIdentifierForm(PatientForm):
    """Why a number is taken away from a patient."""

    reason = forms.ChoiceField(
        label=_("Why is the number removed?"),
        choices=list(REMOVAL_REASONS.items()),
        widget=forms.RadioSelect,
    )
