"""The form for an organisation's own number of a patient or a referral (`core.record_numbers`)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from core.forms.base import PortalForm
from core.forms.text import CleanCharField
from core.record_numbers import FIELD, LONGEST


class OwnNumberForm(PortalForm):
    """The number; `was` is the one that stood there when the page was opened."""

    was = forms.CharField(required=False, max_length=LONGEST, strip=False, widget=forms.HiddenInput)
    record_number = CleanCharField(
        label=_("Own record number"),
        max_length=LONGEST,
        required=False,
        help_text=_(
            "The number in your organisation’s own system. Only your organisation sees it. Leave it empty to take it "
            "away."
        ),
    )

    def __init__(self, data: Any, *, present: str) -> None:
        super().__init__(data, initial={"was": present, FIELD: present})
        self.fields[FIELD].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def _clean_form(self) -> None:
        super()._clean_form()  # type: ignore[misc]
        self.errors.pop(
            "was", None
        )  # nobody can correct a field that isn't seen; then nothing is compared with it

    @property
    def said(self) -> dict[str, Any]:
        """The number, and the one that it takes the place of, as arguments of the action."""
        return {"value": self.cleaned_data[FIELD], "instead_of": self.cleaned_data.get("was")}

    def take(self, error: Invalid, present: str) -> None:
        """Show what the action found; sent once more, the number takes the place of the one that is there now."""
        for texts in error.fields.values():
            for text in texts:
                self.add_error(FIELD, str(text))
        self.data = {name: self.data[name] for name in self.data} | {"was": present}
