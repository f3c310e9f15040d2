"""What is typed and chosen on the pages of keeping and erasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.forms import CleanCharField, CleanTextField, PortalForm
from patients.actions import AskedBy
from patients.models import HoldGround
from retention.models import LONGEST_MONTHS, Period, Refusal


class _Form(PortalForm):
    def take(self, error: Invalid) -> None:
        """Show what the action found at its field."""
        for name, texts in error.fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)  # type: ignore[arg-type]


class AskForm(_Form):
    """Who asks that the data be erased."""

    asked_by = forms.ChoiceField(
        label=_("Who asks for it?"), choices=AskedBy.choices, widget=forms.RadioSelect
    )


class DecideForm(_Form):
    """Whether what may go goes, or nothing."""

    verdict = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("erase", _("Erase what may go")), ("refuse", _("Erase nothing"))],
        widget=forms.RadioSelect,
    )
    refusal = forms.ChoiceField(
        label=_("Why is nothing erased?"),
        choices=[("", "–"), *Refusal.choices],
        required=False,
        help_text=_("Only if you erase nothing."),
    )
    reason = CleanTextField(
        label=_("The reason in words"),
        max_length=1000,
        rows=4,
        required=False,
        help_text=_("Only if you erase nothing. The hospital tells the patient. Write no name here."),
    )


class HoldForm(_Form):
    """On whose data a hold is placed, and why."""

    reference = CleanCharField(
        label=_("Number of the referral, or id of the record"),
        max_length=60,
        help_text=_("The number stands on the referral’s page, the id in the request for erasure."),
    )
    ground = forms.ChoiceField(
        label=_("On what ground?"), choices=HoldGround.choices, widget=forms.RadioSelect
    )
    reason = CleanTextField(
        label=_("The reason in words"),
        max_length=500,
        rows=3,
        help_text=_("Your ministry reads it. The hospitals see the ground alone. Write no name here."),
    )


class LiftForm(_Form):
    """Why a hold is lifted."""

    reason = CleanTextField(label=_("Why is it lifted?"), max_length=500, rows=3)


class PeriodForm(_Form):
    """Another period in the place of one that counts."""

    months = forms.IntegerField(
        label=_("Months"),
        min_value=1,
        max_value=LONGEST_MONTHS,
        help_text=_("For example, 300 for 25 years."),
    )
    obliges = forms.BooleanField(
        label=_("A law asks to keep the data that long"),
        required=False,
        help_text=_(
            "Then a patient’s request erases nothing before. Otherwise it is the portal’s own limit."
        ),
    )
    source = CleanTextField(
        label=_("Legal source"),
        max_length=1000,
        rows=4,
        help_text=_("The law, its number, date and article, and where it was read."),
    )
    verified = forms.BooleanField(
        label=_("I have read the law for this"),
        required=False,
        help_text=_("Then what is due is erased without a decision in each case."),
    )

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        names = ("months", "obliges", "source", "verified")
        kwargs["initial"] = {name: getattr(period, name) for name in names}
        super().__init__(*args, **kwargs)
