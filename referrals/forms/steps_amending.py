"""The forms of what a clinician changes after filing: one more document, a higher urgency, another hospital."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import CleanCharField, CleanTextField, SplitDateField
from referrals.actions.amending import more_urgent
from referrals.forms.steps import StepForm, reason_field
from referrals.forms.steps_information import ReRouteForm
from referrals.models import EvidenceItem, Priority


class AddEvidenceForm(StepForm):
    """A document's content as text, with its date and author."""

    kind = forms.ChoiceField(
        label=_("Kind of evidence"), choices=EvidenceItem.Kind.choices, widget=forms.RadioSelect
    )
    dated_on = SplitDateField(label=_("Date of the document"), latest=zones.today)
    author = CleanCharField(label=_("Who wrote it"), max_length=200)
    author_position = forms.ChoiceField(
        label=_("Position of the author"),
        choices=[("", _("Not stated")), *EvidenceItem.Position.choices],
        required=False,
    )
    text = CleanTextField(label=_("What it says"), max_length=8000, rows=8)


class RaiseUrgencyForm(StepForm):
    """A higher priority, what has changed, and for an emergency what filing one would ask."""

    priority = forms.ChoiceField(label=_("New priority"), widget=forms.RadioSelect)
    reason_text = reason_field(
        _("What has changed?"), _("The ministry and the hospital read it."), limit=2000
    )
    needed_by = SplitDateField(
        label=_("Needed by"), help_text=_("Only if the care is needed sooner than was filed."), required=False
    )
    triage_note = reason_field(
        _("Triage note"), _("Only for an emergency: what threatens the patient’s life."), required=False
    )
    emergency_ground = reason_field(
        _("Ground for acting without consent"),
        _("Only for an emergency without a valid consent."),
        required=False,
        limit=1000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = more_urgent(self.referral.priority)
        field = self.fields["priority"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(priority.value, priority.label) for priority in reversed(above)]
        if Priority.STAT in above:
            self.initial = {
                "triage_note": self.referral.triage_note,
                "emergency_ground": self.referral.emergency_ground,
                **self.initial,
            }


class ChangeHostForm(ReRouteForm):
    """Another hospital of the same country that offers the specialty: the nearest first, those that declined last."""
