"""A date as three boxes: day, month, year. Each mistake has its own sentence and marks its own box."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from core import days
from core.forms.text import noun_of
from core.partial import PartialDate, Precision

PARTS = ("day", "month", "year")
#: The bounds of a field of which an action says better what is wrong with a day.
ANY_DAY: dict[str, Any] = {"earliest": datetime.date.min, "latest": datetime.date.max}
MISSING = {
    ("day",): "no_day",
    ("month",): "no_month",
    ("year",): "no_year",
    ("day", "month"): "no_day_month",
    ("day", "year"): "no_day_year",
    ("month", "year"): "no_month_year",
}


def problem_with(parts: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with [day, month, year] as typed: a message's key and the boxes at fault, or None."""
    missing = tuple(name for name, text in zip(PARTS, parts, strict=True) if not text)
    if missing:
        return MISSING.get(missing, "required"), missing
    wrong = tuple(
        name for name, text in zip(PARTS, parts, strict=True) if not (text.isascii() and text.isdigit())
    )
    if wrong:
        return "not_a_number", wrong
    day, month, year = (int(text[:6]) for text in parts)
    if not 1 <= month <= 12:
        return "not_real", ("month",)
    if len(parts[2]) != 4 or year < 1800:
        return "short_year", ("year",)
    try:
        datetime.date(year, month, day)
    except ValueError:
        return "not_real", ("day",)
    return None


class SplitDateWidget(forms.Widget):
    """Three boxes named `<name>_day`, `<name>_month`, `<name>_year`; the value is a list of three strings."""

    template_name = "components/forms/date.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [str(data.get(f"{name}_{part}", "")).strip() for part in PARTS]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        texts = self.texts(value)
        final = context["widget"]["attrs"]
        at_fault = self.parts_at_fault(texts) if final.get("aria-invalid") else ()
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{final['id']}_{part}" if final.get("id") else "",
                "label": labels[part],
                "value": text,
                "wrong": part in at_fault,
                "width": 4 if part == "year" else 2,
                "autocomplete": final.get("autocomplete") and f"{final['autocomplete']}-{part}",
            }
            for part, text in zip(PARTS, texts, strict=True)
        ]
        return context

    @staticmethod
    def texts(value: Any) -> list[str]:
        """[day, month, year] of a date, of what was typed, or of nothing."""
        if isinstance(value, PartialDate):
            year, month, day = (*str(value).split("-"), "", "")[:3]
            return [day.lstrip("0"), month.lstrip("0"), year]
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, list | tuple) and len(value) == len(PARTS):
            return [str(text) for text in value]
        return ["", "", ""]

    @staticmethod
    def parts_at_fault(texts: Sequence[str]) -> tuple[str, ...]:
        """The boxes to mark; all three where the date is real but unacceptable for another reason."""
        found = problem_with(texts)
        return found[1] if found else PARTS

    def first_at_fault(self, value: Any) -> str:
        """The box that the error summary leads to."""
        return self.parts_at_fault(self.texts(value))[0]


class PartialDateWidget(SplitDateWidget):
    """The same three boxes, where the day, or the day and the month, may stay empty."""

    @staticmethod
    def parts_at_fault(texts: Sequence[str]) -> tuple[str, ...]:
        found = problem_with(completed(texts))
        return found[1] if found else PARTS


def completed(texts: Sequence[str]) -> list[str]:
    """[day, month, year] with the first day, or the first of January, for what was left out from the left."""
    day, month, year = texts
    return [day or ("1" if year else ""), month or ("1" if year and not day else ""), year]


class SplitDateField(forms.Field):
    """A date (`datetime.date`), or None when nothing was filled in and nothing is required.

    `earliest` and `latest` bound it, both inclusive; either may be a date or a callable that gives one. Where one
    isn't said, the days that are possible at all do (`core.days`).
    `noun` names the field in errors where the label is a question.
    """

    widget = SplitDateWidget
    default_error_messages: ClassVar = {
        "required": _("%(label)s: enter the date."),
        "no_day": _("%(label)s must include a day."),
        "no_month": _("%(label)s must include a month."),
        "no_year": _("%(label)s must include a year."),
        "no_day_month": _("%(label)s must include a day and a month."),
        "no_day_year": _("%(label)s must include a day and a year."),
        "no_month_year": _("%(label)s must include a month and a year."),
        "not_a_number": _(
            "%(label)s: write the day, the month and the year in digits, for example 27 3 1984."
        ),
        "not_real": _("%(label)s must be a real date."),
        "short_year": _("%(label)s: write the year with four digits, 1800 or later."),
        "too_early": _("%(label)s must be %(limit)s or later."),
        "too_late": _("%(label)s must be %(limit)s or earlier."),
        "impossible": _("%(label)s: this date lies too far in the past or in the future. Check the year."),
    }

    def __init__(self, *, earliest: Any = None, latest: Any = None, noun: Any = None, **kwargs: Any) -> None:
        self.earliest = earliest
        self.latest = latest
        self.noun = noun
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        texts = SplitDateWidget.texts(value)
        if not any(texts):
            if self.required:
                raise self.error("required")
            return None
        if found := problem_with(texts):
            raise self.error(found[0])
        date = datetime.date(int(texts[2]), int(texts[1]), int(texts[0]))
        self.check_bounds(date)
        self.run_validators(date)
        return date

    def check_bounds(self, date: datetime.date) -> None:
        """Raise when the date lies outside `earliest` … `latest`."""
        for bound, code, outside in (
            (self.earliest, "too_early", lambda limit: date < limit),
            (self.latest, "too_late", lambda limit: date > limit),
        ):
            limit = bound() if callable(bound) else bound
            if limit is not None and outside(limit):
                raise self.error(code, limit=formats.date_format(limit, "DATE_FORMAT"))
            if limit is None and not days.is_possible(date):
                raise self.error("impossible")

    def error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(
            self.error_messages[code], code=code, params={"label": noun_of(self), **params}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return SplitDateWidget.texts(initial) != SplitDateWidget.texts(data)


class PartialDateField(SplitDateField):
    """A date of which perhaps only the year, or the year and the month, is known: a `PartialDate`, or None."""

    widget = PartialDateWidget

    def clean(self, value: Any) -> PartialDate | None:  # type: ignore[override]
        texts = SplitDateWidget.texts(value)
        first = super().clean(completed(texts))
        precision: Precision = "day" if texts[0] else "month" if texts[1] else "year"
        return PartialDate(first, precision) if first is not None else None
