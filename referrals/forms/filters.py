"""What the ministry's and the desk's lists are narrowed to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import CleanCharField, PortalForm
from facilities.countries import COUNTRY_NAMES
from referrals.models import Priority

PORTAL_COUNTRIES = ("KG", "KZ", "UZ")
SORTS = [("clock", _("Most urgent first")), ("filed", _("Filed last first"))]


class SearchForm(PortalForm):
    """A text to search for: a number, a patient's name, a hospital, a diagnosis' code."""

    q = CleanCharField(
        label=_("Number, name or hospital"),
        noun=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class DecisionFilterForm(SearchForm):
    """The ministry's filter."""

    direction = forms.ChoiceField(label=_("Direction"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].choices = direction_choices(country)  # type: ignore[attr-defined]
        self.fields["priority"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("every priority", "All")),
            *reversed(Priority.choices),
        ]


def direction_choices(home: str) -> list[tuple[str, Any]]:
    """Both ways; leaving, to any or one partner; entering, from any or one."""
    partners = [country for country in PORTAL_COUNTRIES if country != home]
    leaving = [
        (f"out-{country}", _("Leaving, to %(country)s") % {"country": COUNTRY_NAMES[country]})
        for country in partners
    ]
    entering = [
        (f"in-{country}", _("Entering, from %(country)s") % {"country": COUNTRY_NAMES[country]})
        for country in partners
    ]
    return [
        ("", _("Both ways")),
        ("out", _("Leaving the country")),
        *leaving,
        ("in", _("Entering it")),
        *entering,
    ]
