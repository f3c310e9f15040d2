"""The fields in which circumstances are stated: those of the filing's pages and of the step after it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanCharField, CleanTextField
from referrals.models import Referral
from referrals.models.circumstances import Circumstance, value_of


class TickedTogether(forms.CheckboxSelectMultiple):
    """Ticks that may come back as one text with commas, as a draft keeps what isn't valid yet."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = super().value_from_datadict(data, files, name)
        return [one for one in found.split(",") if one] if isinstance(found, str) else found


class WaitField(CleanCharField):
    """A number of days, in digits; None for nothing."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > self.most:
            raise forms.ValidationError(
                _("%(label)s: write a whole number of days, at most %(most)s."),
                params={"label": self.label, "most": self.most},
            )
        return int(text)


def form_field(one: Circumstance) -> forms.Field:
    """The form's field for a circumstance; none is required, since what isn't known is left to the officer."""
    words: dict[str, Any] = {"label": one.label, "help_text": one.hint, "required": False}
    if one.choices is not None and one.several:
        return forms.MultipleChoiceField(choices=one.choices.choices, widget=TickedTogether, **words)
    if one.choices is not None:
        return forms.ChoiceField(choices=[("", _("Not stated")), *one.choices.choices], **words)
    if one.most:
        field = WaitField(most=one.most, **words)
        field.widget.attrs |= {"inputmode": "numeric", "class": "govuk-input--width-5"}
        return field
    return CleanTextField(max_length=one.longest, rows=2, **words)


def add_fields(form: forms.Form, those: Iterable[Circumstance]) -> None:
    """Give a form these fields, after its own."""
    form.fields |= {one.name: form_field(one) for one in those}


def stated_values(referral: Referral, those: Iterable[Circumstance]) -> dict[str, Any]:
    """What is stated now, by the form's fields."""
    return {one.name: value_of(referral.circumstances, one.name) for one in those}


def split(data: dict[str, Any], those: Iterable[Circumstance]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rest of a form's cleaned data, and of it what is stated of the circumstances."""
    names = {one.name for one in those}
    return (
        {name: value for name, value in data.items() if name not in names},
        {name: value for name, value in data.items() if name in names},
    )
