"""How soon, and the specialist's report that shows why."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core import days, zones
from core.forms import CleanCharField, CleanTextField, HintedRadioSelect, SplitDateField
from referrals.content import OLDEST_REPORT
from referrals.forms.filing.base import OneOf, PageForm
from referrals.models import EvidenceItem, Priority
from referrals.presentation.filing_pages import is_done

_PRIORITY_HINTS = {
    Priority.ROUTINE: _("The ministry decides within 15 working days."),
    Priority.URGENT: _("The condition may worsen within weeks. The ministry decides within 3 working days."),
    Priority.ASAP: _("The condition may worsen within days. The ministry decides within 24 hours."),
    Priority.STAT: _(
        "Life is in danger now. The referral goes to the host hospital at once, and the ministry reviews it afterwards."
    ),
}


def _latest_need() -> date:
    return zones.today() + days.PLANNED


def _oldest_report() -> date:
    return zones.today() - OLDEST_REPORT


class TimeForm(PageForm):
    """Priority and the justified time limit; an emergency has a triage note instead."""

    slug: ClassVar[str] = "time"
    priority = OneOf(
        label=_("Priority"), choices=Priority.choices, widget=HintedRadioSelect(choices_hints=_PRIORITY_HINTS)
    )
    needed_by = SplitDateField(
        label=_("Needed by"),
        earliest=zones.today,
        latest=_latest_need,
        help_text=_("The last day on which the care is still in time. An emergency needs no day."),
    )
    needed_by_reason = CleanTextField(label=_("Why by then?"), noun=_("Why by then"), max_length=1000, rows=2)
    triage_note = CleanTextField(
        label=_("Triage note"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("For an emergency only: what threatens the patient’s life."),
    )

    def prepare(self) -> None:
        """What must be filled in follows from the priority: a day for planned care, a note for an emergency."""
        priority = self.data.get("priority", "") if self.is_bound else self.referral.priority
        emergency = priority == Priority.STAT
        self.fields["triage_note"].required = emergency
        self.fields["needed_by"].required = self.fields["needed_by_reason"].required = not emergency

    def saved(self) -> dict[str, Any]:
        saved = super().saved()
        # A draft has a priority from its first moment; it is an answer only once somebody gave it.
        return saved if is_done(self.referral, self.slug) else {**saved, "priority": ""}


class EvidenceForm(PageForm):
    """The specialist's report. An emergency may go without one for now."""

    slug: ClassVar[str] = "evidence"
    renamed = {name: f"report.{name}" for name in ("dated_on", "author", "author_position", "text")}
    dated_on = SplitDateField(
        label=_("Date of the report"), required=False, earliest=_oldest_report, latest=zones.today
    )
    author = CleanCharField(
        label=_("Author"),
        max_length=200,
        required=False,
        help_text=_("Name, specialty and hospital of the specialist."),
    )
    author_position = OneOf(
        label=_("Position of the author"),
        choices=[("", _("Not stated")), *EvidenceItem.Position.choices],
        required=False,
        widget=forms.Select,
    )
    text = CleanTextField(
        label=_("What the report says"),
        max_length=8000,
        rows=10,
        required=False,
        help_text=_("Findings, diagnosis and advice, as the specialist wrote them."),
    )

    def prepare(self) -> None:
        if not self.referral.is_emergency:
            for name in ("dated_on", "author", "text"):
                self.fields[name].required = True

    def saved(self) -> dict[str, Any]:
        report = self.referral.evidence.first()
        names = ("dated_on", "author", "author_position", "text")
        return {name: getattr(report, name) for name in names} if report else {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = ("dated_on", "author", "text")
        if self.referral.is_emergency and any(data.get(name) for name in names):
            for name in names:
                if not data.get(name) and name not in self.errors:
                    label = self.fields[name].label
                    self.add_error(
                        name, _("%(label)s: fill this in, or leave the whole page empty.") % {"label": label}
                    )
        return data

    def content(self) -> dict[str, Any]:
        return {}

    def evidence(self) -> dict[str, Any] | None:
        names = ("dated_on", "author", "author_position", "text")
        report = {name: self.cleaned_data[name] for name in names}
        return report if report["dated_on"] else {}
