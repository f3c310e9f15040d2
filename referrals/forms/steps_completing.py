"""The forms of what a clinician completes for the rules after filing: circumstances with the estimate, a consilium."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import CleanCharField, CleanTextField, SplitDateField
from facilities.access import visible_countries
from referrals.forms.circumstances import add_fields, split, stated_values
from referrals.forms.filing.payment import AmountField
from referrals.forms.steps import StepForm, reason_field
from referrals.models import Consilium
from referrals.models.circumstances import FIELDS


class CompleteFactsForm(StepForm):
    """Every circumstance as it is stated now, and the estimate."""

    argument_fields = {f"circumstances.{one.name}": one.name for one in FIELDS}

    estimate_amount = AmountField(label=_("Estimated cost"), max_length=40, required=False)
    estimate_currency = forms.ChoiceField(label=_("Currency of the estimate"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_fields(self, FIELDS)
        codes = [row.currency for row in visible_countries(self.actor)]
        field = self.fields["estimate_currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("No estimate")), *((code, code) for code in codes)]
        amount = self.referral.estimate_amount
        if amount is not None and amount == amount.to_integral_value():
            amount = int(amount)  # type: ignore[assignment]
        self.initial = {
            **stated_values(self.referral, FIELDS),
            "estimate_amount": amount,
            "estimate_currency": self.referral.estimate_currency,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount, currency = data.get("estimate_amount"), data.get("estimate_currency")
        if amount and not currency and "estimate_currency" not in self.errors:
            self.add_error("estimate_currency", _("Currency of the estimate: choose one."))
        if currency and not amount and "estimate_amount" not in self.errors:
            self.add_error(
                "estimate_amount",
                _("Estimated cost: write the sum, or choose “No estimate” as the currency."),
            )
        if not amount and not currency and self.referral.estimate_amount is not None and not self.errors:
            self.add_error("estimate_amount", _("Estimated cost: it can be changed, not taken away."))
        return data

    def terms(self) -> dict[str, Any]:
        rest, stated = split(super().terms(), FIELDS)
        amount = rest["estimate_amount"]
        return {
            "circumstances": stated,
            "estimate": (amount, rest["estimate_currency"]) if amount is not None else None,
        }


class ConsiliumForm(StepForm):
    """Who met when, and what they found."""

    held_on = SplitDateField(label=_("Held on"), latest=zones.today)
    members = CleanTextField(
        label=_("Members"),
        help_text=_("Name and position, one member on each line."),
        max_length=2000,
        rows=4,
    )
    finding = forms.ChoiceField(
        label=_("What did the consilium find?"), choices=Consilium.Finding.choices, widget=forms.RadioSelect
    )
    escort = CleanCharField(
        label=_("Escort"),
        help_text=_("Who goes along: for example a nurse, or a doctor of intensive care."),
        max_length=300,
        required=False,
    )
    text = reason_field(_("Why"), _("The state of the patient, and what the journey needs."), limit=4000)
