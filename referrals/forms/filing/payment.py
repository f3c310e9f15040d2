"""Who pays, and what it may cost."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CleanCharField, HintedRadioSelect
from facilities.access import visible_countries
from referrals.forms.filing.base import OneOf, PageForm
from referrals.models import Payer

LARGEST = Decimal("999999999999.99")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2})?")
_PAYER_HINTS = {
    Payer.FUND: _("The health insurance fund of your country, for insured patients."),
    Payer.MINISTRY: _("From the ministry’s budget for treatment abroad."),
    Payer.PATIENT: _("The patient pays the host hospital."),
    Payer.OTHER: _("An employer, a charity or a private insurer. Say who."),
}


class AmountField(CleanCharField):
    """A sum of money as people type it: 412 000, 412000.50 or 412 000,5. None for nothing."""

    default_error_messages: ClassVar = {
        "not_an_amount": _("%(label)s: write the sum in digits, for example 412000."),
        "not_positive": _("%(label)s must be more than zero."),
        "too_large": _("%(label)s is too large to be right. Check the digits."),
    }

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).replace(" ", "").replace("\xa0", "").replace(",", ".")
        if not text:
            return None
        if not _AMOUNT.fullmatch(text) or not text.isascii():
            raise self._error("not_an_amount")
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise self._error("not_an_amount") from None
        if amount <= 0:
            raise self._error("not_positive")
        if amount > LARGEST:
            raise self._error("too_large")
        return amount

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"label": self.label})


class PayerForm(PageForm):
    """Who pays; an estimate where there is one."""

    slug: ClassVar[str] = "payer"
    payer = OneOf(
        label=_("Who pays"), choices=Payer.choices, widget=HintedRadioSelect(choices_hints=_PAYER_HINTS)
    )
    payer_note = CleanCharField(
        label=_("About the payer"),
        max_length=200,
        required=False,
        help_text=_("For example the name of the payer, or the number of a guarantee letter."),
    )
    estimate_amount = AmountField(
        label=_("Estimated cost"),
        max_length=40,
        required=False,
        help_text=_("If the host hospital gave one."),
    )
    estimate_currency = OneOf(
        label=_("Currency of the estimate"), choices=[], required=False, widget=forms.Select
    )

    def prepare(self) -> None:
        self.fields["estimate_amount"].widget.attrs |= {
            "inputmode": "decimal",
            "class": "govuk-input--width-10",
        }
        rows = [
            (row.currency, _("%(code)s (%(country)s)") % {"code": row.currency, "country": row.name})
            for row in visible_countries(self.actor)
        ]
        field = self.fields["estimate_currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("No estimate")), *rows]

    def saved(self) -> dict[str, Any]:
        saved = super().saved()
        amount = saved["estimate_amount"]
        if amount is not None and amount == amount.to_integral_value():
            saved["estimate_amount"] = int(amount)
        return saved

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (
            data.get("payer") == Payer.OTHER
            and "payer_note" not in self.errors
            and not data.get("payer_note")
        ):
            self.add_error("payer_note", _("About the payer: say who pays."))
        amount, currency = data.get("estimate_amount"), data.get("estimate_currency")
        if amount and not currency and "estimate_currency" not in self.errors:
            self.add_error("estimate_currency", _("Currency of the estimate: choose one."))
        if currency and not amount and "estimate_amount" not in self.errors:
            self.add_error(
                "estimate_amount",
                _("Estimated cost: write the sum, or choose “No estimate” as the currency."),
            )
        return data
