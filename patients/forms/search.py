from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ANY_DAY, CleanTextField, PartialDateField, PortalForm, SplitDateField
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
from patients.forms.ground import GroundForm
from patients.models import Consent


class FindForm(PortalForm):
    """One box for every kind of number and for names, with a date of birth to narrow it."""

    q = line(
        _("Name or number"),
        200,
        hint=_(
            "A name, a name with the year of birth, a telephone, or any number of the patient. Script, order, "
            "spaces and dashes don’t matter."
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


class LinkForm(GroundForm, NumberForm):
    """A patient who is known at another facility: the number and the date of birth as recorded, and the ground."""

    birth_date = PartialDateField(label=_("Date of birth"), help_text=PARTLY_KNOWN)

    def arguments(self) -> dict[str, Any]:
        """Arguments of `link_patient`."""
        said = {name: self.cleaned_data[name] for name in (*NumberForm.base_fields, "birth_date")}
        return said | {"ground": self.ground()}


class UnlockForm(PatientForm):
    """Why locked look-ups may go on."""

    reason = CleanTextField(
        label=_("Reason"),
        max_length=500,
        rows=3,
        help_text=_("What you found out, and why they may go on. It stands in the audit log."),
        error_messages={"required": _("Say what you found out, and why they may go on.")},
    )


class WithdrawalForm(PatientForm):
    """How a patient took back a consent that another hospital recorded."""

    how = forms.ChoiceField(
        label=_("How the patient said it"), choices=Consent.How.choices, widget=forms.RadioSelect
    )
    given_by = line(
        _("Said by"),
        200,
        hint=_("Leave it empty if the patient said it. Otherwise: name, and what they are to the patient."),
    )


class RemoveIdentifierForm(PatientForm):
    """Why a number is taken away from a patient."""

    reason = forms.ChoiceField(
        label=_("Why is the number removed?"),
        choices=list(REMOVAL_REASONS.items()),
        widget=forms.RadioSelect,
    )
