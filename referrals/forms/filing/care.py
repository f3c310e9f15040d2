"""What is needed: specialty, service and form of care; and the diagnosis with its reason and goal."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanCharField, CleanTextField, HintedRadioSelect
from facilities.access import diagnosis, services_of, visible_facilities, visible_specialties
from facilities.forms import diagnosis_field
from facilities.models import Specialty
from facilities.models.organisations import may_host_condition
from referrals.forms.filing.base import OneOf, PageForm
from referrals.models import CareMode

_CARE_HINTS = {
    CareMode.CONSULTATION: _("One visit, for an opinion or a plan of treatment."),
    CareMode.OUTPATIENT: _("Several visits without a stay, for instance a course of radiotherapy."),
    CareMode.DAY_CASE: _("A procedure with a discharge on the same day."),
    CareMode.INPATIENT: _("A stay of at least one night."),
}


class CareForm(PageForm):
    """Which care is needed."""

    slug: ClassVar[str] = "care"
    specialty = OneOf(label=_("Specialty"), choices=[], widget=forms.Select)
    service = CleanCharField(
        label=_("Service"),
        max_length=200,
        help_text=_("In a few words, for example: mitral valve repair."),
    )
    care_mode = OneOf(
        label=_("Form of care"), choices=CareMode.choices, widget=HintedRadioSelect(choices_hints=_CARE_HINTS)
    )

    def prepare(self) -> None:
        self.offered = {str(row.pk): row for row in self._offered()}
        names = sorted(
            ((key, row.name) for key, row in self.offered.items()), key=lambda row: row[1].casefold()
        )
        field = self.fields["specialty"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a specialty")), *names]

    def _offered(self) -> list[Specialty]:
        """Specialties that some hospital across the border offers, and the draft's own."""
        hosts = visible_facilities(self.actor).filter(may_host_condition())
        hosts = hosts.exclude(organisation__country_id=self.referral.directing_country_id)
        rows = visible_specialties(self.actor).filter(
            services__active=True, services__facility__in=hosts.select_related(None).values("pk")
        )
        found = list(rows.defer("loaded_values", "name_sources").distinct())
        own = self.referral.specialty
        return found if own is None or own in found else [*found, own]

    def saved(self) -> dict[str, Any]:
        return {**super().saved(), "specialty": self.referral.specialty_id}

    def content(self) -> dict[str, Any]:
        content = super().content() | {"specialty": self.offered[self.cleaned_data["specialty"]]}
        host = self.referral.host_facility
        if host is not None and not services_of(host).filter(specialty=content["specialty"]).exists():
            # Other hospitals offer the new specialty: the old choice must not be filed unseen.
            content["host_facility"] = None
        return content


class DiagnosisForm(PageForm):
    """The diagnosis, why the care is needed, and what it should achieve."""

    slug: ClassVar[str] = "diagnosis"
    diagnosis = diagnosis_field(
        noun=_("Diagnosis"),
        help_text=_("Type a code, or words in Russian or English. Example: I34, митральная недостаточность"),
    )
    clinical_reason = CleanTextField(
        label=_("Why is the care needed?"),
        noun=_("Clinical reason"),
        help_text=_("Findings, course, what was tried. The host hospital and the ministry read it."),
        max_length=4000,
        rows=6,
    )
    goal = CleanTextField(
        label=_("What should the treatment achieve?"),
        noun=_("Goal of the treatment"),
        help_text=_("One or two sentences."),
        max_length=2000,
        rows=3,
    )

    def saved(self) -> dict[str, Any]:
        return {**super().saved(), "diagnosis": self.referral.diagnosis_id or ""}

    def content(self) -> dict[str, Any]:
        return super().content() | {"diagnosis": diagnosis(self.cleaned_data["diagnosis"])}
