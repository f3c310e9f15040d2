"""The host's date: when the patient comes, for how long, to which place. Times are the host country's."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CleanCharField, SplitDateField
from core.zones import zone_name
from referrals.forms.steps import StepForm
from referrals.models import Appointment, Referral

_TIME_FORMATS = ("%H:%M", "%H.%M", "%H %M", "%H%M", "%H")


class TimeField(CleanCharField):
    """A time of day, typed as 9:30, 09.30 or 9."""

    default_error_messages: ClassVar = {
        "not_a_time": _("%(label)s: write the hour and the minutes, for example 9:30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "class": "govuk-input--width-5", "autocomplete": "off"}

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        if not text:
            return None
        for pattern in _TIME_FORMATS:
            try:
                return datetime.strptime(text, pattern).time()  # noqa: DTZ007  a time of day, not a moment
            except ValueError:
                continue
        raise ValidationError(
            self.error_messages["not_a_time"], code="not_a_time", params={"label": self.noun or self.label}
        )


class DatesForm(StepForm):
    """A period at the host hospital, by its length in days or by its end."""

    template_name = "referrals/forms/dates.html"
    argument_fields: ClassVar[Mapping[str, str]] = {"starts_at": "start_date", "ends_at": "days"}

    start_date = SplitDateField(label=_("First day"))
    start_time = TimeField(label=_("Time of arrival"))
    days = forms.IntegerField(
        label=_("Days of stay"),
        required=False,
        min_value=1,
        max_value=180,
        error_messages={
            "invalid": _("Days of stay: write a whole number."),
            "min_value": _("Days of stay: at least one."),
            "max_value": _("A stay lasts 180 days at most."),
        },
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}
        ),
    )
    end_date = SplitDateField(label=_("Last day"), required=False)
    end_time = TimeField(label=_("Time of the end"), required=False)
    place = CleanCharField(
        label=_("Bed, theatre or doctor"),
        help_text=_("Name it where you book by places: two patients can’t get one place at the same time."),
        max_length=100,
        required=False,
    )
    note = CleanCharField(
        label=_("Note for the patient’s clinician"),
        help_text=_("What to bring, where to report."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, offered: Appointment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.referral.host_zone
        assert zone is not None, "a referral with the host has its host: a constraint holds it"
        self.zone = zone
        self.fields["start_time"].help_text = zone_name(self.zone)
        self.fields["end_time"].help_text = zone_name(self.zone)
        self.initial = {**self.initial, **self._initial(offered)}

    def _initial(self, offered: Appointment | None) -> dict[str, Any]:
        """The date offered before, else nothing but a usual hour."""
        if offered is None:
            return {"start_time": "9:00"}
        start, end = offered.period.lower.astimezone(self.zone), offered.period.upper.astimezone(self.zone)
        return {
            "start_date": start.date(),
            "start_time": f"{start:%H:%M}",
            "end_date": end.date(),
            "end_time": f"{end:%H:%M}",
            "place": offered.place,
            "note": offered.note,
        }

    @classmethod
    def of(cls, data: Any, *, actor: Any, referral: Referral) -> "DatesForm":
        offered = referral.appointments.filter(active=True).first()
        return cls(data, actor=actor, referral=referral, offered=offered)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        days, end_date, end_time = data["days"], data["end_date"], data["end_time"]
        if days and (end_date or end_time):
            self.add_error("days", _("Give either the days of stay or the end, not both."))
        elif not days and not end_date and not end_time:
            self.add_error("days", _("Say how long: give the days of stay or the end."))
        return data

    def terms(self) -> dict[str, Any]:
        """The action's period as two aware moments, with place and note."""
        data = self.cleaned_data
        first: date = data["start_date"]
        starts_at = self._moment(first, data["start_time"])
        if data["days"]:
            ends_at = self._moment(first + timedelta(days=data["days"]), data["start_time"])
        else:
            ends_at = self._moment(data["end_date"] or first, data["end_time"] or data["start_time"])
        return {"starts_at": starts_at, "ends_at": ends_at, "place": data["place"], "note": data["note"]}

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone)

    def take(self, error: Any) -> None:
        """An end that is wrong is shown where the end was typed."""
        where = (
            "days"
            if self.cleaned_data.get("days")
            else "end_date"
            if self.cleaned_data.get("end_date")
            else "end_time"
        )
        self.argument_fields = {**type(self).argument_fields, "ends_at": where}  # type: ignore[misc]
        super().take(error)
