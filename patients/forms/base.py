from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Invalid
from core.forms import CleanCharField, PortalForm, SearchChoiceField
from core.forms.text import STANDS_FOR_NONE, noun_of
from core.placeholders import stands_for_none
from facilities.countries import ISO_CODES, country_name, likely_country, read_country
from patients import access, districts
from patients.identifiers import ALL, MAX_INPUT
from patients.wording import Text

# Of every kind that no one country issues.
ISSUED_BY_HINT = _("Any country. A national number needs none.")
PARTLY_KNOWN = _(
    "For example, 27 3 1984. If only the year, or the month and the year, is known, leave the rest empty."
)
Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together on the page under one heading. What is rare is folded away under it."""

    title: Text
    hint: Text
    fields: list[BoundField]
    is_rare: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a folded group has to be seen: something is typed in it, or wrong."""
        return any(field.errors or _is_filled(field) for field in self.fields)


def _is_filled(field: BoundField) -> bool:
    value = field.value()
    return any(value) if isinstance(value, list) else bool(value)


class PatientForm(PortalForm):
    """A form that knows who fills it in, and that takes an action's `Invalid` back to its own fields."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def take_errors(self, errors: Mapping[str, Any]) -> None:
        """Show an action's errors at their fields; what belongs to no field stands above the form."""
        for name, texts in errors.items():
            field = self.field_for(name)
            if field in self.errors:  # the field's own sentence is nearer to what was typed
                continue
            for text in texts:
                self.add_error(field, text)

    def field_for(self, name: str) -> str | None:
        """The form's field for an argument of the action; None for the form as a whole."""
        return name if name in self.fields else None

    def take(self, error: Invalid) -> None:
        """`take_errors` for an exception."""
        self.take_errors(error.fields)


def country_choices(empty: Any = None) -> Choices:
    """The portal's countries by code, after an empty choice with that label if there is one."""
    rows: Choices = [("", empty)] if empty is not None else []
    return rows + [(country.code, country.name) for country in access.countries()]


class CountryField(CleanCharField):
    """Any country of the world, by its name in any of the portal's languages or by its code; its value is the code.

    The page offers the names in a list that stands in it once (`patients/_countries.html`).
    """

    default_error_messages: ClassVar = {
        "unknown": _(
            "%(label)s: there is no such country. Write its name, or its code of two letters, such as TJ."
        ),
        "likely": _("%(label)s: there is no such country. If you mean %(country)s, write it so."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "list": "countries"}

    @property
    def choices(self) -> Choices:
        """The names by code, by which a stored code is shown."""
        return [(code, country_name(code)) for code in ISO_CODES]

    def prepare_value(self, value: Any) -> Any:
        """The name in the reader's language, also of one that was typed in another."""
        code = value if value in ISO_CODES else read_country(str(value or ""))
        return country_name(code) if code else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = read_country(text)
        if code is None and not self.required and stands_for_none(text):
            raise ValidationError(STANDS_FOR_NONE, code="placeholder")
        if code is None:
            near = likely_country(text)
            raise ValidationError(
                self.error_messages["likely" if near else "unknown"],
                code="unknown",
                params={"label": noun_of(self), "country": country_name(near or "")},
            )
        return code

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (read_country(str(data or "")) or data or "") != (initial or "")


COUNTRY_OF_COVERAGE_HINT = _("A fund’s country follows from the fund. Choose it for a private insurance.")


def fund_choices() -> Choices:
    """The funds by key, after an empty choice."""
    return [("", _("No fund")), *((str(fund.pk), fund.display_name) for fund in access.funds())]


def system_choices(empty: Any) -> Choices:
    """Kinds of number that a person may enter: temporary ones are the portal's own."""
    kinds = [(system.code, _(system.label)) for system in ALL if not system.given_by_portal]
    return [("", empty), *kinds]


def line(label: Any, length: int, *, hint: Any = "", required: bool = False, **attrs: Any) -> CleanCharField:
    """One line of text, without the browser's guesses: it is somebody else's data, not the clerk's."""
    field = CleanCharField(label=label, max_length=length, required=required, help_text=hint)
    field.widget.attrs |= {"autocomplete": "off", **attrs}
    return field


def phone_field(label: Any) -> CleanCharField:
    """A telephone number; the action reads it with the actor's country in mind."""
    hint = _("With the country code, for example +7 701 234 56 78.")
    return line(label, 40, hint=hint, inputmode="tel")


def number_field(label: Any, hint: Any = "", *, required: bool = False) -> CleanCharField:
    """The value of an identifier. The length is the rules' to judge, so this one is generous."""
    attrs = {"spellcheck": "false", "autocapitalize": "characters"}
    field = line(label, MAX_INPUT, hint=hint, required=required, **attrs)
    field.error_messages["required"] = _("Enter the number.")
    return field


def district_field() -> SearchChoiceField:
    """The district of residence, found by typing."""
    return SearchChoiceField(
        search=districts.search,
        find=districts.find,
        suggest_url=reverse_lazy("patients:district_suggest"),
        required=False,
        label=_("District of residence"),
        help_text=_("Type a part of the name of the district or region, in Cyrillic or Latin letters."),
    )


def as_int(value: str) -> int | None:
    """A key from a choice field; None for an empty one."""
    return int(value) if value else None
