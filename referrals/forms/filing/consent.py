"""The consent that the referral needs: one that is there, a new one, or an emergency's ground instead."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import zones
from core.forms import CleanCharField, CleanTextField, HintedRadioSelect, SplitDateField
from patients.known import known_to
from patients.models import Consent
from referrals.forms.filing.base import OneOf, PageForm
from referrals.presentation import when

USUAL_DAYS = 365
NEW, GROUND = "new", "ground"
ANY_HOSPITAL = ("", _("Any hospital in the host country to which the patient is sent"))
_NEW_FIELDS = ("how", "given_by", "valid_from", "valid_to", "recipient")


class ConsentForm(PageForm):
    """`answer` is the key of a consent, `new` for one that is recorded with this page, or `ground`."""

    slug: ClassVar[str] = "consent"
    answer = OneOf(label=_("Consent"), choices=[], widget=HintedRadioSelect, noun=_("Consent"))
    how = OneOf(
        label=_("How was it given?"), choices=Consent.How.choices, widget=forms.RadioSelect, required=False
    )
    recipient = OneOf(
        label=_("Which hospital may have the data?"),
        choices=[ANY_HOSPITAL],
        widget=forms.RadioSelect,
        required=False,
    )
    given_by = CleanCharField(
        label=_("Given by"),
        max_length=200,
        required=False,
        help_text=_(
            "Leave it empty if the patient gave it. Otherwise: name, and what they are to the patient."
        ),
    )
    valid_from = SplitDateField(label=_("Valid from"), required=False)
    valid_to = SplitDateField(label=_("Valid until"), required=False)
    emergency_ground = CleanTextField(
        label=_("Ground for acting without consent"),
        max_length=1000,
        rows=3,
        required=False,
        help_text=_("For example: the patient is unconscious and no representative can be reached."),
    )

    def prepare(self) -> None:
        self.consents = self._valid_consents()
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        rows = [(str(row.pk), _label(row)) for row in self.consents]
        if self.is_bound and self.data.get("answer") == NEW:
            # A page made before another one recorded a consent, or the same page sent twice.
            self.consents, rows = [], []
        if not rows:
            rows.append((NEW, gettext("The patient consents: record it now")))
        if self.referral.is_emergency:
            rows.append((GROUND, gettext("The patient can’t consent, and it can’t wait")))
        else:
            del self.fields["emergency_ground"]
        field.choices = rows
        if self.referral.host_facility is not None:
            hospitals = self.fields["recipient"]
            assert isinstance(hospitals, forms.ChoiceField)
            organisation = self.referral.host_facility.organisation
            alone = gettext("%(hospital)s alone") % {"hospital": organisation.name}
            hospitals.choices = [ANY_HOSPITAL, (organisation.code, alone)]
        if self.consents:
            for name in _NEW_FIELDS:
                del self.fields[name]
        if len(rows) == 1 and not self.consents:
            # One way only: no question is needed.
            field.required = False
            field.widget = forms.HiddenInput()
        self.only = rows[0][0] if len(rows) == 1 else ""
        self._require()

    def _require(self) -> None:
        """What must be filled in follows from the answer; before there is one, nothing is called optional."""
        answer = (self.data.get("answer") or self.only) if self.is_bound else ""
        for name in ("how", "valid_from", "valid_to"):
            if name in self.fields:
                self.fields[name].required = answer in ("", NEW)
        if "emergency_ground" in self.fields:
            self.fields["emergency_ground"].required = answer in ("", GROUND)

    def _valid_consents(self) -> list[Consent]:
        today = zones.today()
        known = known_to(self.referral.directing_facility_id, Consent)
        rows = self.referral.patient.consents.standing().filter(
            known,
            purpose=Consent.Purpose.TREATMENT,
            recipient_country_id=self.referral.host_country_id,
            valid_from__lte=today,
            valid_to__gte=today,
        )
        rows = rows.filter(Q(recipient__isnull=True) | Q(recipient_id=self.referral.host_facility_id))
        return list(rows.order_by("-valid_to", "-pk"))

    def saved(self) -> dict[str, Any]:
        referral = self.referral
        today = zones.today()
        answer = str(referral.consent_id or "") or (GROUND if referral.emergency_ground else self.only)
        return {
            "answer": answer or (str(self.consents[0].pk) if self.consents else ""),
            "valid_from": today,
            "valid_to": today + timedelta(days=USUAL_DAYS),
            "emergency_ground": referral.emergency_ground,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["answer"] = data.get("answer") or self.only
        return data

    @property
    def records_new(self) -> bool:
        """Whether a valid page means that a consent is to be recorded first."""
        return bool(self.cleaned_data["answer"] == NEW)

    def terms(self) -> dict[str, Any]:
        """Arguments of `patients.actions.record_consent` for the new consent."""
        terms = {name: self.cleaned_data[name] for name in _NEW_FIELDS}
        return {
            **terms,
            "purpose": Consent.Purpose.TREATMENT,
            "recipient_country": self.referral.host_country_id,
        }

    def content(self) -> dict[str, Any]:
        """The consent chosen, or the ground. A new consent is added by whoever recorded it."""
        answer = self.cleaned_data["answer"]
        if answer == GROUND:
            return {"consent": None, "emergency_ground": self.cleaned_data["emergency_ground"]}
        chosen = next((row for row in self.consents if str(row.pk) == answer), None)
        return {"consent": chosen, "emergency_ground": ""}


def _label(row: Consent) -> str:
    until: date = row.valid_to
    return gettext("%(how)s, valid until %(date)s, recorded by %(name)s") % {
        "how": row.get_how_display(),
        "date": when.day(until),
        "name": row.recorded_by_label,
    }
