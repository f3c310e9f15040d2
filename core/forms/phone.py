"""Telephone numbers of the three countries, in national or international form, stored as E.164."""

from typing import Any, ClassVar

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms.text import CleanCharField, noun_of

REGIONS = ("KZ", "UZ", "KG")


def candidates(text: str, regions: tuple[str, ...]) -> set[str]:
    """Every E.164 number that `text` can mean: one if international, else one for each region it fits."""
    digits = "".join(character for character in text if character.isdigit())
    if text.startswith(("+", "00")):
        return _valid("+" + digits.removeprefix("00") if text.startswith("00") else text, None)
    found = set().union(*(_valid(text, region) for region in regions))
    # A country code typed without its plus sign: 998 90 123 45 67.
    return found or _valid("+" + digits, None)


def _valid(text: str, region: str | None) -> set[str]:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return set()
    fits = (
        phonenumbers.is_valid_number_for_region(number, region)
        if region
        else phonenumbers.is_valid_number(number)
    )
    return {phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)} if fits else set()


class PhoneField(CleanCharField):
    """A telephone number as E.164 (`+77011234567`), or "" when empty and not required.

    `home` is the country whose national form is meant when a number fits several, or a callable for it.
    """

    default_error_messages: ClassVar = {
        "not_a_phone": _(
            "%(label)s isn’t a telephone number that we know. "
            "Write it with the country code, for example +7 701 123 45 67."
        ),
        "ambiguous": _(
            "%(label)s fits more than one country. "
            "Write it with the country code: +7, +996 or +998 at the start."
        ),
    }

    def __init__(self, *, home: Any = None, **kwargs: Any) -> None:
        self.home = home
        super().__init__(max_length=40, **kwargs)
        self.widget.input_type = "tel"

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        home = self.home() if callable(self.home) else self.home
        found = candidates(text, (home,)) if home else set()
        found = found or candidates(text, REGIONS)
        if len(found) != 1:
            code = "ambiguous" if found else "not_a_phone"
            raise ValidationError(self.error_messages[code], code=code, params={"label": noun_of(self)})
        return found.pop()
