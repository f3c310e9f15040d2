"""The forms of an emergency access: why it is opened and for how long, and what its review found."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import Invalid
from core.forms import CleanTextField, PortalForm
from referrals.models import EmergencyAccess
from referrals.models.emergency import MOST_HOURS

#: What is offered on the page; the API takes any number of hours up to the last.
HOURS = (1, 4, 12, MOST_HOURS)


class _Form(PortalForm):
    def take(self, error: Invalid) -> None:
        """Show what the action found at its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)  # type: ignore[arg-type]


class OpenForm(_Form):
    """Why, and for how long."""

    reason = CleanTextField(
        label=_("What the emergency is, and why the patient can’t be asked"),
        max_length=1000,
        rows=4,
        help_text=_("The ministry and the directing hospital read it."),
    )
    hours = forms.TypedChoiceField(
        label=_("For how long?"), coerce=int, widget=forms.RadioSelect, initial=HOURS[1]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hours"]
        assert isinstance(field, forms.ChoiceField)
        words = [ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours} for hours in HOURS]
        field.choices = list(zip(HOURS, words, strict=True))


class ReviewForm(_Form):
    """Whether it was justified."""

    verdict = forms.ChoiceField(
        label=_("Was it justified?"), choices=EmergencyAccess.Verdict.choices, widget=forms.RadioSelect
    )
    review_text = CleanTextField(
        label=_("What you found, and what follows from it"),
        max_length=1000,
        rows=4,
        help_text=_("The hospital that opened it and the directing hospital read it."),
    )
