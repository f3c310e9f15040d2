"""The forms in which a coordinator records a hospital's answer that came by telephone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.forms import CleanCharField, SplitDateField
from core.zones import zone_name
from facilities.telephones import first_phone
from referrals.actions.hosting import DeclineReason
from referrals.forms.steps import StepForm, reason_field
from referrals.forms.steps_dates import DatesForm, TimeField
from referrals.models import Referral


class CallForm(StepForm):
    """Who spoke for the hospital, on which number, when, and what was said. Times are the reader's."""

    argument_fields: ClassVar[Mapping[str, str]] = {"spoken_at": "spoken_on"}

    spoke_with = CleanCharField(
        label=_("Who spoke for the hospital"), help_text=_("Name and position."), max_length=200
    )
    phone = CleanCharField(label=_("Telephone number"), max_length=60)
    spoken_on = SplitDateField(label=_("Day of the call"))
    spoken_time = TimeField(label=_("Time of the call"))
    said = reason_field(_("What was said"), _("The clinician and the hospital read it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = ZoneInfo(timezone.get_current_timezone_name())
        now = timezone.localtime()
        host = self.referral.host_facility
        self.fields["spoken_time"].help_text = zone_name(zone)
        self.initial = {
            "spoken_on": now.date(),
            "spoken_time": f"{now:%H:%M}",
            "phone": first_phone(host.organisation.phone) if host else "",
            **self.initial,
        }

    def call(self) -> dict[str, Any]:
        """The action's arguments on the call."""
        data = self.cleaned_data
        moment = datetime.combine(
            data["spoken_on"], data["spoken_time"], tzinfo=timezone.get_current_timezone()
        )
        return {
            "spoke_with": data["spoke_with"],
            "phone": data["phone"],
            "spoken_at": moment,
            "said": data["said"],
        }


class DeclinedForm(CallForm):
    """The hospital declined by telephone."""

    reason_code = forms.ChoiceField(
        label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )

    def terms(self) -> dict[str, Any]:
        return {**self.call(), "reason_code": self.cleaned_data["reason_code"]}


class AcceptedForm(CallForm, DatesForm):
    """The hospital accepted by telephone and offered a date."""

    template_name = "referrals/forms/accepted_by_telephone.html"
    argument_fields: ClassVar[Mapping[str, str]] = {
        **DatesForm.argument_fields,
        **CallForm.argument_fields,
    }

    @classmethod
    def of(cls, data: Any, *, actor: Actor, referral: Referral) -> "AcceptedForm":
        return cls(data, actor=actor, referral=referral)

    def terms(self) -> dict[str, Any]:
        return {**DatesForm.terms(self), **self.call()}
