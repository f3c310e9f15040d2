from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ANY_DAY, CleanTextField, PartialDateField, PortalForm, SplitDateField
from patients.actions.linking import Ground
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
from patients.models import Consent, Registration


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


class LinkForm(NumberForm):
    """A patient who is known at another facility: the number and the date of birth as recorded, and the ground."""

    birth_date = PartialDateField(label=_("Date of birth"), help_text=PARTLY_KNOWN)
    ground_kind = forms.ChoiceField(
        label=_("Why do you ask for this record?"),
        choices=[one for one in Registration.Ground.choices if one[0] != Registration.Ground.REGISTERED],
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

    def arguments(self) -> dict[str, Any]:
        """Arguments of `link_patient`."""
        said = dict(self.cleaned_data)
        parts = {name: said.pop(f"ground_{name}") for name in ("kind", "how", "given_by", "covers", "reason")}
        return said | {"ground": Ground(**parts)}


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
