"""The directory's filter, and the search fields for diagnoses and districts that other apps' forms use."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import Choice, CleanCharField, PortalForm, SearchChoiceField
from facilities import access
from facilities.lookups.districts import district_value
from facilities.models import AdminUnit, CareLevel, Icd10, Specialty
from facilities.telephones import clean_phones

SUGGESTIONS = 12
_ANY = [("", _("Any"))]


def diagnosis_choices(text: str) -> list[Choice]:
    """Diagnoses for a search, the best first.

    For a code with a Cyrillic letter they are the codes that may have been meant, and each says so.
    """
    found = access.search_icd10(text, SUGGESTIONS)
    if found.did_you_mean:
        hint = _("You typed a Cyrillic letter. Check that this is the code you mean.")
        return [_diagnosis_choice(row, str(hint)) for row in found.meant]
    return [_diagnosis_choice(row) for row in found.rows]


def find_diagnosis(code: str) -> Choice | None:
    """The choice of exactly this code, None when there is no such diagnosis."""
    row = access.diagnosis(code)
    return _diagnosis_choice(row) if row else None


def _diagnosis_choice(row: Icd10, hint: str = "") -> Choice:
    return Choice(value=row.code, label=row.title, code=row.code, hint=hint)


def district_choices(text: str) -> list[Choice]:
    """Districts for a search; the value is country and code, e.g. `KZ-314800000`."""
    return [_district_choice(unit) for unit in access.search_districts(text, SUGGESTIONS)]


def find_district(value: str) -> Choice | None:
    """The choice of a stored value, None when there is no such district."""
    unit = access.district_by_value(value)
    return _district_choice(unit) if unit else None


def _district_choice(unit: AdminUnit) -> Choice:
    around = [unit.parent.name] if unit.parent else []
    return Choice(value=district_value(unit), label=unit.name, hint=", ".join([*around, unit.country.name]))


def diagnosis_field(**kwargs: Any) -> SearchChoiceField:
    """A field whose value is the code of a category or subcategory of ICD-10."""
    kwargs.setdefault("label", _("Diagnosis (ICD-10)"))
    return SearchChoiceField(
        search=diagnosis_choices,
        find=find_diagnosis,
        suggest_url=reverse_lazy("facilities:icd10_suggest"),
        **kwargs,
    )


def district_field(**kwargs: Any) -> SearchChoiceField:
    """A field whose value is a district as `access.district_by_value` takes it."""
    kwargs.setdefault("label", _("District"))
    return SearchChoiceField(
        search=district_choices,
        find=find_district,
        suggest_url=reverse_lazy("facilities:district_suggest"),
        **kwargs,
    )


class DirectoryForm(PortalForm):
    """What the directory is narrowed to; every field is optional. The caller gives the choices' rows."""

    q = CleanCharField(label=_("Name, service or place"), required=False, max_length=100)
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    level = forms.ChoiceField(label=_("Level of care"), required=False)
    near = district_field(label=_("Nearest to the district"), required=False)

    def __init__(
        self, data: Any, *, specialties: Sequence[Specialty], regions: Sequence[AdminUnit], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self._specialties = {str(row.pk): row for row in specialties}
        self._regions = {district_value(row): row for row in regions}
        countries = {row.country_id: row.country.name for row in regions}
        self._choose(
            "specialty", sorted(((key, row.name) for key, row in self._specialties.items()), key=_by_name)
        )
        self._choose("country", sorted(countries.items(), key=_by_name))
        self._choose("region", _grouped(regions))
        # The district is asked for by the check, by the page and by the filter: one query for the three.
        self._district = lru_cache(access.district_by_value)
        near = self.fields["near"]
        near.find = near.widget.find = self._find_near  # type: ignore[attr-defined]
        self._choose("level", [choice for choice in CareLevel.choices if choice[0] != CareLevel.SUPPORT])

    def _find_near(self, value: str) -> Choice | None:
        unit = self._district(value)
        return _district_choice(unit) if unit else None

    def _choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*_ANY, *choices]

    def wanted(self) -> access.DirectoryFilter:
        """The filter of what is valid; what isn't narrows nothing, and the form says what is wrong with it."""
        self.is_valid()
        value = getattr(self, "cleaned_data", {}).get
        return access.DirectoryFilter(
            text=value("q") or "",
            specialties=tuple(self._specialties.values()),
            country=value("country") or "",
            specialty=self._specialties.get(value("specialty") or ""),
            region=self._regions.get(value("region") or ""),
            care_level=value("level") or "",
            near=self._district(value("near")) if value("near") else None,
        )


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _grouped(regions: Sequence[AdminUnit]) -> list[tuple[str, list[tuple[str, str]]]]:
    ordered = sorted(regions, key=lambda row: (row.country_id, row.name.casefold()))
    return [
        (country.name, [(district_value(row), row.name) for row in rows])
        for country, rows in groupby(ordered, key=lambda row: row.country)
    ]


class OrganisationForm(forms.ModelForm):
    """Holds a telephone that is changed to what the directory's own page does."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        country = data.get("country") or self.instance.country
        if "phone" in self.changed_data and data.get("phone"):
            phones = clean_phones(data["phone"], country.pk if country else "")
            data["phone"] = phones.text
            if phones.error:
                self.add_error("phone", str(phones.error))
        return data
