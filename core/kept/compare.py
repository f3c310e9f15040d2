"""Two texts of one form side by side: what a person typed, and what stands now."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Text
from core.forms.dates import SplitDateWidget
from core.forms.search import Typed


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which two texts exist."""

    name: str
    label: Text
    mine: str
    now: str


def differences(
    form: forms.BaseForm, mine: Mapping[str, Any], now: Mapping[str, Any] | None = None
) -> tuple[Difference, ...]:
    """The fields whose typed value isn't the one that stands `now`, or else that the form would show, in its order."""
    rows = []
    for name, value in mine.items():
        field = form.fields[name]
        stands = shown(field, now.get(name) if now is not None else form.get_initial_for_field(field, name))
        typed = shown(field, value)
        if typed != stands:
            rows.append(Difference(name, field.label or "", typed or "—", stands or "—"))
    return tuple(rows)


def typed_rows(form: forms.BaseForm, text: Any) -> list[dict[str, Any]]:
    """What was typed, as rows of a summary list with the form's labels; blank answers are left out."""
    rows = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or field.widget.value_omitted_from_data(text, {}, name):
            continue
        value = shown(field, field.widget.value_from_datadict(text, {}, name))
        if value:
            rows.append({"key": field.label, "value": value})
    return rows


def shown(field: forms.Field, value: Any) -> str:
    """A field's value in words, whether it is stored, typed or chosen; empty for none."""
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, datetime.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(field.widget, SplitDateWidget):
        return _day(SplitDateWidget.texts(value))
    find = getattr(field, "find", None)
    if find is not None:
        choice = find(value.chosen if isinstance(value, Typed) else str(value or ""))
        return choice.text if choice else value.query if isinstance(value, Typed) else ""
    if value is None:
        return ""
    choices = dict(_flat(getattr(field, "choices", ())))
    values = value if isinstance(value, list | tuple) else [value]
    words = [field.prepare_value(choices.get(str(one), one)) for one in values if one not in ("", None)]
    return ", ".join(map(str, words)).replace("\r\n", "\n")


def _day(texts: list[str]) -> str:
    try:
        day, month, year = (int(text) for text in texts)
        return date_format(datetime.date(year, month, day), "DATE_FORMAT")
    except ValueError:
        return " ".join(filter(None, texts))


def _flat(choices: Any) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            rows += _flat(label)
        else:
            rows.append((str(value), label))
    return rows
