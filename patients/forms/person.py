from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from core import languages
from core.errors import Invalid
from core.forms import ANY_DAY, PartialDateField, SplitDateField
from patients import districts, wording
from patients.actions.coverage import clean_terms, prefixed
from patients.actions.linking import Ground, clean_ground
from patients.actions.numbers import Number, check_all
from patients.cleaning import clean_person, proven_birth
from patients.forms.base import (
    COUNTRY_OF_COVERAGE_HINT,
    ISSUED_BY_HINT,
    PARTLY_KNOWN,
    CountryField,
    Group,
    PatientForm,
    as_int,
    country_choices,
    district_field,
    fund_choices,
    line,
    number_field,
    phone_field,
    system_choices,
)
from patients.forms.ground import KINDS, GroundForm
from patients.forms.keys import new_key, read_key
from patients.identifiers import NATIONAL_OF, IdentifierCheck, all_warnings
from patients.models import Coverage, Patient

NUMBERS = 3
ELSEWHERE = _(
    "Has the patient been at another hospital? With the patient’s consent, or in an emergency, the portal looks there "
    "by the number and the date of birth. A record that it finds is registered at your facility, and nothing else of "
    "this page is saved."
)


#: Who has more has them by the API; the form leaves those as they are.
CITIZENSHIPS = ("citizenship", "citizenship_2", "citizenship_3")


class PersonForm(PatientForm):
    """Who the patient is, where they live, how to reach them."""

    family_name = line(_("Family name"), 100, hint=_("As in the document, in Cyrillic or Latin letters."))
    given_name = line(_("Given name"), 100, hint=_("Leave it empty if the document has only one name."))
    patronymic = line(_("Patronymic"), 100)
    birth_date = PartialDateField(label=_("Date of birth"), help_text=PARTLY_KNOWN, **ANY_DAY)
    birth_date_estimated = forms.BooleanField(label=_("The date of birth is an estimate"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=Patient.Sex.choices, widget=forms.RadioSelect)
    citizenship_status = forms.ChoiceField(
        label=_("Citizenship"),
        required=False,
        choices=Patient.Citizenship.choices,
        widget=forms.RadioSelect,
    )
    citizenship = CountryField(
        label=_("Country of citizenship"),
        required=False,
        help_text=_("Any country: begin to write its name, and choose."),
    )
    citizenship_2 = CountryField(label=_("Another citizenship"), required=False)
    citizenship_3 = CountryField(label=_("One more citizenship"), required=False)
    residence_district = district_field()
    residence_country = CountryField(
        label=_("Country of residence"),
        required=False,
        help_text=_("For somebody who lives in another country, or whose district isn’t known."),
    )
    address = line(_("Address"), 300, hint=_("Town or village, street, house."))
    phone = phone_field(_("Telephone"))
    email = line(_("E-mail"), 254, inputmode="email")
    preferred_language = forms.ChoiceField(
        label=_("Language in which the patient is written to"), choices=languages.own_names()
    )
    next_of_kin_name = line(_("Name of a next of kin"), 200)
    next_of_kin_relation = line(
        _("What they are to the patient"), 100, hint=_("For example, mother or husband.")
    )
    next_of_kin_phone = phone_field(_("Telephone of the next of kin"))

    grouped: ClassVar[tuple[tuple[Any, Any, tuple[str, ...]], ...]] = (
        (
            _("Who the patient is"),
            "",
            (
                "family_name",
                "given_name",
                "patronymic",
                "birth_date",
                "birth_date_estimated",
                "sex",
                "citizenship_status",
                *CITIZENSHIPS,
            ),
        ),
        (_("Where they live"), "", ("residence_district", "residence_country", "address")),
        (
            _("How to reach them"),
            _("Notices to the patient carry no clinical content."),
            ("phone", "email", "preferred_language"),
        ),
        (_("Next of kin"), "", ("next_of_kin_name", "next_of_kin_relation", "next_of_kin_phone")),
    )

    def field_for(self, name: str) -> str | None:
        return super().field_for("citizenship" if name == "citizenships" else name)

    @property
    def groups(self) -> list[Group]:
        """The visible fields under their headings."""
        return [
            Group(title, hint, [self[name] for name in names], is_rare="next_of_kin_name" in names)
            for title, hint, names in self.grouped
        ]

    def person(self) -> dict[str, Any]:
        """Arguments of the action for the person's data; fields that failed are empty."""
        data = {name: self.cleaned_data.get(name) for name in PersonForm.base_fields}
        data["citizenships"] = [code for name in CITIZENSHIPS if (code := data.pop(name))]
        unit = districts.find_unit(data["residence_district"] or "")
        return data | {"residence_district": unit.pk if unit else None}


class RegisterForm(PersonForm, GroundForm):
    """A new patient, with up to three numbers and a coverage, on one page; or one whom another hospital knows.

    With a ground the record that another hospital made is looked for by number and date of birth, as by `LinkForm`.
    """

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    coverage_kind = forms.ChoiceField(
        label=_("Who pays at home"),
        required=False,
        choices=[("", _("Record it later")), *Coverage.Kind.choices],
    )
    coverage_fund = forms.ChoiceField(label=_("Fund"), required=False)
    coverage_country = forms.ChoiceField(
        label=_("Country of the coverage"), required=False, help_text=COUNTRY_OF_COVERAGE_HINT
    )
    coverage_number = line(_("Insurance number"), 40)
    coverage_valid_from = SplitDateField(label=_("Covered from"), required=False)
    coverage_valid_to = SplitDateField(
        label=_("Covered until"), required=False, help_text=_("Leave it empty if no end is known.")
    )
    coverage_source = forms.ChoiceField(
        label=_("How it is known"), required=False, choices=[("", "—"), *Coverage.Source.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_numbers: list[tuple[IdentifierCheck, Number]] = []
        self.filled: list[int] = []
        countries = country_choices("—")
        self.fields["ground_kind"].required = False
        self.fields["ground_kind"].choices = [("", _("Don’t look there")), *KINDS]  # type: ignore[attr-defined]
        for index in range(NUMBERS):
            self._add_number(index)
        self.fields["coverage_fund"].choices = fund_choices()  # type: ignore[attr-defined]
        self.fields["coverage_country"].choices = countries  # type: ignore[attr-defined]
        # Errors are listed in the order of the fields: let it be the page's.
        self.order_fields([field.name for group in self.groups for field in group.fields])
        home = self.actor.country
        self.initial = {
            "key": new_key(self.actor.id),
            "number0_system": NATIONAL_OF[home].code if home in NATIONAL_OF else "",
            "preferred_language": languages.OF_COUNTRY.get(home, "ru"),
            "citizenship_status": Patient.Citizenship.KNOWN,
            "citizenship": home,
            **self.initial,
        }

    def _add_number(self, index: int) -> None:
        system = forms.ChoiceField(
            label=_("Kind of number %(number)s") % {"number": index + 1},
            required=False,
            choices=system_choices(_("None")),
        )
        country = CountryField(
            label=_("Number %(number)s: issued by") % {"number": index + 1},
            required=False,
            help_text="" if index else ISSUED_BY_HINT,
        )
        hint = "" if index else _("Spaces and dashes don’t matter.")
        value = number_field(_("Number %(number)s") % {"number": index + 1}, hint)
        until = SplitDateField(
            label=_("Number %(number)s: valid until") % {"number": index + 1}, required=False, **ANY_DAY
        )
        fields = {"system": system, "country": country, "value": value, "expires_on": until}
        self.fields |= {f"number{index}_{name}": fields[name] for name in self._parts(index)}

    @property
    def groups(self) -> list[Group]:
        """The person's groups, with numbers after the first and coverage at the end."""
        first, *others = super().groups
        temporary = _("Without any number the portal gives a temporary one.")
        another = _("Another country’s number, a passport or a health card.")
        terms = ("kind", "fund", "country", "number", "valid_from", "valid_to", "source")
        coverage = [self[f"coverage_{name}"] for name in terms]
        ground = [self[name] for name in GroundForm.base_fields]
        return [
            first,
            Group(_("Number of the patient"), temporary, self._number_fields(0)),
            Group(_("More numbers"), another, self._number_fields(*range(1, NUMBERS)), is_rare=True),
            *others,
            Group(_("Coverage"), "", coverage, is_rare=True),
            Group(_("A record at another hospital"), ELSEWHERE, ground, is_rare=True),
        ]

    def _number_fields(self, *rows: int) -> list[BoundField]:
        return [self[f"number{row}_{part}"] for row in rows for part in self._parts(row)]

    @staticmethod
    def _parts(row: int) -> tuple[str, ...]:
        """The first row is for a national number, which doesn't expire."""
        return ("system", "value", "country", "expires_on") if row else ("system", "value", "country")

    def field_for(self, name: str) -> str | None:
        if name == "identifiers":
            return "number0_value"
        if name.startswith("identifiers."):
            # An error takes the value out of what is clean, and with it the row out of `_rows`.
            return f"number{self.checked_rows[int(name.partition('.')[2])]}_value"
        return super().field_for(name.replace("coverage.", "coverage_"))

    def _rows(self) -> list[int]:
        """Which of the rows were filled in, in order."""
        return [i for i in range(NUMBERS) if (self.cleaned_data.get(f"number{i}_value") or "").strip()]

    def numbers(self) -> list[Number]:
        """The numbers as typed, without the empty rows."""
        return [self._number(row) for row in self._rows()]

    def _number(self, row: int) -> Number:
        said = {part: self.cleaned_data.get(f"number{row}_{part}") for part in self._parts(row)}
        until = said.get("expires_on")
        return Number(said["system"] or "", said["country"] or "", said["value"] or "", until)

    def coverage(self) -> dict[str, Any] | None:
        """Arguments of the action for the coverage; None when none is recorded now."""
        if not self.cleaned_data.get("coverage_kind"):
            return None
        names = ("kind", "country", "number", "valid_from", "valid_to", "source")
        terms = {name: self.cleaned_data.get(f"coverage_{name}") for name in names}
        return terms | {"fund": as_int(self.cleaned_data.get("coverage_fund") or "")}

    def asked_ground(self) -> Ground | None:
        """By what right another hospital's record is looked for; None where it isn't."""
        return self.ground() if self.cleaned_data.get("ground_kind") else None

    def clean(self) -> dict[str, Any]:
        """Everything that the action will check, so that all errors show at once and before the questions."""
        self.filled = self._rows()  # before a wrong one leaves what was cleaned
        values, errors = clean_person(self.person(), country=self.actor.country)
        self.take_errors(errors)
        self.checked_rows = self._rows()
        try:
            self.found_numbers = check_all(self.numbers(), born=proven_birth(values))
        except Invalid as error:
            self.take(error)
        terms = self.coverage()
        if terms:
            try:
                with prefixed("coverage"):
                    clean_terms(terms)
            except Invalid as error:
                self.take(error)
        if ground := self.asked_ground():
            try:
                clean_ground(ground)
            except Invalid as error:
                self.take(error)
        return self.cleaned_data

    def warnings(self) -> list[tuple[Number, str, wording.Text]]:
        """The soft findings about the numbers: (number, code, sentence). They never stop the saving."""
        born = None if self.cleaned_data["birth_date_estimated"] else self.cleaned_data["birth_date"]
        return [
            (number, code, wording.identifier_warning(code))
            for checked, number in self.found_numbers
            for code in all_warnings(checked, born, self.cleaned_data["sex"])
        ]

    def patient_id(self) -> UUID | None:
        """The id that a repeated sending of this very form will find; None when the key isn't ours."""
        return read_key(self.data.get("key", ""), self.actor.id)
