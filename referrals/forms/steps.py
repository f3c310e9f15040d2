"""The forms of single steps: what a person says when they take one. One form for each action's arguments."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import zones
from core.actors import Actor
from core.errors import Invalid
from core.forms import CleanTextField, PortalForm, SplitDateField
from referrals.actions.ending import WithdrawReason
from referrals.actions.hosting import DeclineReason
from referrals.models import Referral

_BROKEN = _("This form has lost a part of itself. Load the page again and repeat the step.")


class StepForm(PortalForm):
    """A form of one step on one referral. `version` is the one that the person read.

    `terms()` gives the action's arguments; `take(error)` shows what the action found wrong, at the field where it was
    typed. `argument_fields` names the field of an argument that is called otherwise here.
    """

    argument_fields: ClassVar[Mapping[str, str]] = {}

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, referral: Referral, **kwargs: Any) -> None:
        self.actor = actor
        self.referral = referral
        kwargs["initial"] = {"version": referral.version, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]
        if "version" in self.errors:  # nobody can correct a field that isn't seen
            del self.errors["version"]
            self.add_error(None, _BROKEN)

    def terms(self) -> dict[str, Any]:
        """Keyword arguments of the action, besides `by` and `version`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def take(self, error: Invalid) -> None:
        """Show an action's findings at their fields; what belongs to none stands above the form."""
        for name, texts in error.fields.items():
            field = self.argument_fields.get(name, name)
            for text in texts:
                self.add_error(field if field in self.fields else None, text)  # type: ignore[arg-type]

    @classmethod
    def of(cls, data: Any, *, actor: Actor, referral: Referral) -> "StepForm":
        """The form, bound to posted data or shown for the first time."""
        return cls(data, actor=actor, referral=referral)


def reason_field(label: Any, hint: Any = "", *, required: bool = True, limit: int = 2000) -> CleanTextField:
    """A reason in words."""
    return CleanTextField(label=label, help_text=hint, max_length=limit, rows=4, required=required)


class ConfirmForm(StepForm):
    """A step that needs no words: admit, close."""


class DeclineForm(StepForm):
    """Why the host can't take the patient."""

    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    reason_text = reason_field(
        _("Explain the reason"),
        _("The coordinator who looks for another hospital reads this, and so does the clinician."),
    )


class WithdrawForm(StepForm):
    """Why the directing side takes the referral back."""

    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=WithdrawReason.choices, widget=forms.RadioSelect
    )
    reason_text = reason_field(
        _("Explain the reason"), _("Needed only where none of the reasons above fits."), required=False
    )


class CancelForm(StepForm):
    """Why the ministry ends the referral."""

    reason_text = reason_field(
        _("Reason"), _("The clinician, the host hospital and the patient’s file get this reason.")
    )


class EnterInErrorForm(StepForm):
    """What the error was."""

    reason_text = reason_field(_("What was the error?"))


class RecordDeathForm(StepForm):
    """The day on which the patient died."""

    deceased_on = SplitDateField(
        label=_("Day of death"), help_text=_("For example, 27 3 2026."), latest=zones.today
    )


class RevokeForm(StepForm):
    """Why an authorisation is taken back."""

    reason_text = reason_field(_("Reason"), _("The clinician and the patient read it."))


class AppealForm(StepForm):
    """The appeal for the patient."""

    text = reason_field(
        _("Why should the refusal be looked at again?"),
        _("Answer the reasons of the refusal. New findings count most."),
        limit=4000,
    )


class AppealDecisionForm(StepForm):
    """The reason for keeping a refusal or setting it aside."""

    reason_text = reason_field(_("Reason"), _("The clinician and the patient read it."))


class ReviewEmergencyForm(StepForm):
    """What the ministry found when it looked at an emergency afterwards."""

    review_text = reason_field(
        _("What the review found"),
        _("Was it an emergency, was the hospital the right one, is anything to be followed up?"),
    )


class DischargeForm(StepForm):
    """The summary for the directing clinician."""

    admitted_on = SplitDateField(label=_("Admitted on"), latest=zones.today)
    discharged_on = SplitDateField(label=_("Discharged on"), latest=zones.today)
    care_given = reason_field(_("Care given"), _("Operations, treatment, findings."), limit=8000)
    outcome = reason_field(_("Outcome"), _("How the patient left the hospital."), limit=4000)
    advice = reason_field(
        _("Advice for the time after"),
        _("Medicines, check-ups, warning signs. Say so if nothing is needed."),
        limit=4000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "admitted_on": timezone.localdate(self.referral.state_since, self.referral.host_zone),
            "discharged_on": zones.today(),
            **self.initial,
        }
