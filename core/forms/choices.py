"""Radios whose options carry a line of explanation each."""

from collections.abc import Mapping
from typing import Any

from django import forms


class HintedRadioSelect(forms.RadioSelect):
    """Radios; `HintedRadioSelect(choices_hints={"grant": _("The rules recommend this.")})`.

    Adds `hint` to each option's context from `choices_hints`, a dict of option value -> text.
    `inline` sets a few short options in one row where there is room.
    """

    choices_hints: Mapping[str, Any]

    def __init__(
        self, *args: Any, choices_hints: Mapping[Any, Any] | None = None, inline: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inline = inline
        self.choices_hints = {str(value): text for value, text in (choices_hints or {}).items()}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.choices_hints.get(str(value), "")
        return option
