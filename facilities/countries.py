"""The names of countries where no row is at hand: an agreement has parties that the portal doesn’t connect."""

from django.utils.translation import gettext_lazy as _

from core.errors import Text

COUNTRY_NAMES: dict[str, Text] = {
    "KZ": _("Kazakhstan"),
    "UZ": _("Uzbekistan"),
    "KG": _("Kyrgyzstan"),
    "TJ": _("Tajikistan"),
}


def country_name(code: str) -> str:
    """The country's name in the active language; a code that has none stands for itself."""
    return str(COUNTRY_NAMES.get(code, code))
