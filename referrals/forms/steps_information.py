"""Questions of the ministry, the clinician's answers, and the way to another hospital after a decline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from core import zones
from core.errors import Text
from core.forms import CleanCharField, CleanTextField, HintedRadioSelect, SplitDateField
from facilities.access import Host, hosts_for
from referrals.forms.steps import StepForm, reason_field
from referrals.models import Question, Referral
from referrals.models.history import Machine
from referrals.presentation.hosts import host_hint, host_label, journey_day
from referrals.states import ReferralEvent

QUESTION_BOXES = 5


def question_fields() -> dict[str, CleanTextField]:
    """Five boxes for questions; blank ones are ignored."""
    labels = [
        _("First question"),
        _("Second question"),
        _("Third question"),
        _("Fourth question"),
        _("Fifth question"),
    ]
    fields = {
        f"question_{number}": CleanTextField(label=label, max_length=1000, rows=2, required=number == 1)
        for number, label in enumerate(labels, start=1)
    }
    fields["question_1"].error_messages["required"] = _("Write at least one question.")
    return fields


def forgive_first(form: StepForm) -> None:
    """The first box may be blank where another one isn't."""
    if form.has_error("question_1", "required") and questions_of(form.cleaned_data):
        del form.errors["question_1"]


def questions_of(data: Mapping[str, Any]) -> list[str]:
    """The questions typed, in order."""
    texts = [data.get(f"question_{number}") or "" for number in range(1, QUESTION_BOXES + 1)]
    return [text for text in texts if text]


class RequestInformationForm(StepForm):
    """Up to five questions to the directing clinician."""

    argument_fields: ClassVar[Mapping[str, str]] = {"questions": "question_1"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(question_fields())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        forgive_first(self)
        return data

    def terms(self) -> dict[str, Any]:
        return {"questions": questions_of(self.cleaned_data)}


class ReportForm(StepForm):
    """A step that may bring a newer report: all of it, or nothing."""

    argument_fields: ClassVar[dict[str, str]] = {
        "report.dated_on": "report_date",
        "report.author": "report_author",
        "report.text": "report_text",
    }
    report_date = SplitDateField(label=_("Date of the report"), required=False, latest=zones.today)
    report_author = CleanCharField(label=_("Who wrote the report"), max_length=200, required=False)
    report_text = CleanTextField(label=_("What the report says"), max_length=8000, rows=5, required=False)

    REPORT = ("report_date", "report_author", "report_text")
    REPORT_MISSING: ClassVar[dict[str, Text]] = {
        "report_date": _("Give the date of the newer report, or leave all of it empty."),
        "report_author": _("Say who wrote the newer report, or leave all of it empty."),
        "report_text": _("Say what the newer report finds, or leave all of it empty."),
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [name for name in self.REPORT if data.get(name)]
        if given:
            for name in self.REPORT:
                if name not in given and name not in self.errors:
                    self.add_error(name, str(self.REPORT_MISSING[name]))
        return data

    def evidence(self) -> dict[str, Any] | None:
        """The newer report as the actions take it; None where there is none."""
        data = self.cleaned_data
        if not data["report_date"]:
            return None
        return {
            "dated_on": data["report_date"],
            "author": data["report_author"],
            "text": data["report_text"],
        }


class ExtendForm(ReportForm):
    """A later last day for an authorisation, and the new report on which it rests, if there is one."""

    template_name = "referrals/forms/extend.html"

    valid_until = SplitDateField(label=_("New last day"))
    reason_text = reason_field(_("Reason"), _("The clinician and the patient read it."))

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "valid_until": data["valid_until"],
            "reason_text": data["reason_text"],
            "evidence": self.evidence(),
        }


class AnswerForm(ReportForm):
    """One answer for each open question and, where there is one, a newer report."""

    template_name = "referrals/forms/answer.html"

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = {
            f"answer_{question.position}": CleanTextField(label=question.text, max_length=4000, rows=3)
            for question in questions
        }
        for field in answers.values():
            field.noun = _("Your answer")
            field.error_messages["required"] = _("Answer this question.")
        self.fields = answers | self.fields

    @property
    def answer_fields(self) -> list[BoundField]:
        """The answers' fields, in the order of the questions."""
        return [self[name] for name in self.fields if name.startswith("answer_")]

    @classmethod
    def of(cls, data: Any, *, actor: Any, referral: Referral) -> "AnswerForm":
        request = referral.information_requests.filter(answered_at=None).prefetch_related("questions").first()
        questions = list(request.questions.all()) if request else []
        return cls(data, actor=actor, referral=referral, questions=questions)

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        answers = {
            int(name.removeprefix("answer_")): value
            for name, value in data.items()
            if name.startswith("answer_")
        }
        return {"answers": answers, "evidence": self.evidence()}


def declines(referral: Referral) -> dict[int, datetime]:
    """Which hospitals declined the referral, by their keys, and when they last did."""
    rows = referral.status_changes.filter(machine=Machine.REFERRAL, event=ReferralEvent.DECLINE)
    found = dict(rows.order_by("at", "id").values_list("organisation_id", "at"))
    calls = referral.status_changes.filter(
        machine=Machine.REFERRAL, event=ReferralEvent.DECLINE_BY_TELEPHONE
    ).order_by("at", "id")
    for host, moment in calls.values_list("telephone_answer__facility_id", "at"):
        found[host] = max(moment, found.get(host, moment))
    return found


class ReRouteForm(StepForm):
    """Another hospital of the same country that offers the specialty: the nearest first, those that declined last."""

    host_facility = forms.ChoiceField(label=_("Hospital"), widget=HintedRadioSelect)
    reason_text = reason_field(
        _("Why this hospital?"), _("The clinician and the hospital read it."), limit=2000
    )

    def __init__(
        self, *args: Any, hosts: Sequence[Host], declined: Mapping[int, datetime] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        when_declined = {host: (declined or {}).get(host.facility.pk) for host in hosts}
        day = journey_day(self.referral)
        ordered = sorted(hosts, key=lambda host: when_declined[host] is not None)
        self.hosts = {str(host.facility.pk): host for host in ordered}
        field = self.fields["host_facility"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, host_label(host)) for key, host in self.hosts.items()]
        field.widget.choices_hints = {
            key: host_hint(host, day=day, declined_at=when_declined[host]) for key, host in self.hosts.items()
        }

    @classmethod
    def of(cls, data: Any, *, actor: Any, referral: Referral) -> "ReRouteForm":
        assert referral.specialty is not None
        assert referral.host_country_id is not None
        hosts = hosts_for(
            home=referral.directing_country_id,
            specialty=referral.specialty,
            district=referral.residence_district,
            countries=[referral.host_country_id],
            emergency=referral.is_emergency,
            hours=True,
        )
        others = [host for host in hosts if host.facility.pk != referral.host_facility_id]
        return cls(data, actor=actor, referral=referral, hosts=others, declined=declines(referral))

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "host_facility": self.hosts[data["host_facility"]].facility,
            "reason_text": data["reason_text"],
        }
