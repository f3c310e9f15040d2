"""Forms that speak in whole sentences and can be searched in without being sent."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms.search import SearchChoiceField, Typed
from core.forms.text import noun_of

SENTENCES = {
    "required": _("%(label)s: fill this in."),
    "choose": _("%(label)s: choose one."),
    "tick": _("%(label)s: tick the box to go on."),
}


class PortalForm(forms.Form):
    """The base of the portal’s forms.

    Names the field in the “required” error, and answers a search button without judging the rest.
    """

    label_suffix = ""
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = capfirst(name.replace("_", " "))
            self._name_in_required(field)

    @staticmethod
    def _name_in_required(field: forms.Field) -> None:
        """Django’s “This field is required.” says nothing in a summary that is far from its field."""
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            kind = "required"
            if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
                kind = "choose"
            elif isinstance(field, forms.BooleanField):
                kind = "tick"
            field.error_messages["required"] = SENTENCES[kind] % {"label": noun_of(field)}

    @property
    def is_search(self) -> bool:
        """Whether the post came from a search button: show the page again with the results, save nothing."""
        return self.is_bound and any(
            isinstance(field, SearchChoiceField) and self._typed(name).only_search
            for name, field in self.fields.items()
        )

    def _typed(self, name: str) -> Typed:
        value = self[name].data
        return value if isinstance(value, Typed) else Typed()

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_search

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_search:
            self._errors = self._search_errors()

    def _search_errors(self) -> ErrorDict:
        """Only what the search itself has to say: that nothing was typed or found."""
        kept = ErrorDict()
        for name, errors in self._errors.items():
            field = self.fields.get(name)
            searched = isinstance(field, SearchChoiceField) and self._typed(name).only_search
            if searched and any(error.code != "choose" for error in errors.as_data()):
                kept[name] = errors
        return kept
