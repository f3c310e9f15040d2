"""Strict input: every field by its name and in its type, or a refusal that says which and why.

JSON has types, so a number isn't read out of a text here nor a text out of a number.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core import days
from core.api.problems import MOST_ERRORS, UNLISTED
from core.forms.text import LINE_ENDS, unseen_character
from core.partial import PartialDate

Reader = TypeVar("Reader", bound=serializers.Serializer)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?"
)
_WRONG_TYPE = _("Expected %(expected)s here, and got %(got)s.")
_NAMES = {
    str: _("a text"),
    bool: _("true or false"),
    int: _("a whole number"),
    float: _("a number"),
    list: _("a list"),
    dict: _("an object"),
    type(None): _("null"),
}


def wrong_type(expected: type, value: Any) -> ValidationError:
    """The refusal of a value of another type."""
    names = {"expected": _NAMES[expected], "got": _NAMES.get(type(value), type(value).__name__)}
    return ValidationError(_WRONG_TYPE % names, code="wrong_type")


class StrictSerializer(serializers.Serializer):
    """Refuses what it doesn't know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise ValidationError({"non_field_errors": wrong_type(dict, data).detail})
        unknown = _unknown([name for name in data if name not in self.fields])
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**unknown, **error.detail}) from error  # type: ignore[dict-item]
        if unknown:
            raise ValidationError(unknown)
        return values


def _unknown(names: list[str]) -> dict[str, Any]:
    """An error for each of the names; beyond those that are told, one that counts the others."""
    text = str(_("There is no such field."))
    errors = {name: [ErrorDetail(text, code="unknown_field")] for name in names[:MOST_ERRORS]}
    if left := len(names) - len(errors):
        errors.setdefault("", []).append(ErrorDetail(text, code=f"{UNLISTED}{left}"))
    return errors


class Text(serializers.CharField):
    """A text in NFC without characters that nobody can see; `lines` lets it have several lines.

    White space at its ends is taken off. At most `max_length` characters.
    """

    def __init__(self, *, max_length: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        kwargs.setdefault("allow_blank", not kwargs.get("required", True))
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        text = unicodedata.normalize("NFC", data)
        text = LINE_ENDS.sub("\n", text) if self.lines else " ".join(text.split())
        if found := unseen_character(text):
            raise ValidationError(
                _("There is an invisible character (%(character)s) after “%(before)s”.")
                % {"character": found[0], "before": found[1]},
                code="unseen_character",
            )
        return text.strip()

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str):
            # What is checked for being blank and long is what will be kept.
            data = self.to_internal_value(data)
        return super().run_validation(data)


class Raw(serializers.CharField):
    """A text that the action behind it reads and judges by itself: names, numbers of documents, telephones."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", not kwargs.get("required", True))
        super().__init__(max_length=max_length, trim_whitespace=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    # Without what was sent: an error repeats nothing.
    default_error_messages = {"invalid_choice": _("Choose one of the answers offered.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        return super().to_internal_value(data)


class Several(serializers.MultipleChoiceField):
    """One or several of the choices, in a parameter that is repeated or has commas: `state=sent,accepted`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, help_text="One or several, repeated or with commas between them.", **kwargs
        )

    def to_internal_value(self, data: Any) -> Any:
        wanted = [part.strip() for part in ",".join(data).split(",") if part.strip()]
        if not wanted:
            raise ValidationError(_("Name at least one."), code="blank")
        for part in wanted:
            if part not in self.choices:
                self.fail("invalid_choice", input=part)
        return tuple(sorted(set(wanted)))


class Flag(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise wrong_type(bool, data)
        return data


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            raise wrong_type(int, data)
        return data


class Day(serializers.DateField):
    """YYYY-MM-DD and nothing else."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            raise wrong_type(str, value)
        try:
            if not _DATE.fullmatch(value):
                raise ValueError(value)
            day = date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError(_("Give a day that exists, as YYYY-MM-DD."), code="invalid_date") from error
        if not days.is_possible(day):
            raise ValidationError(days.outside(), code="day_out_of_range")
        return day


@extend_schema_field(
    {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "examples": ["1961-03-05", "1961-03", "1961"]}
)
class PartialDay(serializers.Field):
    """YYYY-MM-DD; YYYY-MM or YYYY where no more is known."""

    def to_internal_value(self, data: Any) -> PartialDate:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        try:
            day = PartialDate.read(data)
        except ValueError as error:
            raise ValidationError(
                _("Give a day that exists, as YYYY-MM-DD; YYYY-MM or YYYY if no more of it is known."),
                code="invalid_date",
            ) from error
        if not days.is_possible(day.first):
            raise ValidationError(days.outside(), code="day_out_of_range")
        return day

    def to_representation(self, value: Any) -> str:
        return str(value)


class Moment(serializers.DateTimeField):
    """An ISO 8601 moment with its offset from UTC: without one nobody knows which hour is meant."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise wrong_type(str, value)
        # In an address an unescaped + arrives as a space.
        match = _MOMENT.fullmatch(re.sub(r" (?=\d{2}:\d{2}$)", "+", value))
        if match is None:
            raise ValidationError(
                _("Give a moment such as 2026-11-21T09:00:00+05:00."), code="invalid_moment"
            )
        if match["offset"] is None:
            raise ValidationError(_("Give the time with its offset from UTC."), code="no_offset")
        try:
            moment = datetime.fromisoformat(match[0].upper())
            moment.astimezone()  # a moment at the very ends of time overflows in another zone
            if not days.is_possible(moment.astimezone(UTC).date()):
                raise ValueError(value)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Give a day and a time that exist."), code="invalid_moment") from error
        return moment


class Key(serializers.UUIDField):
    """A UUID in its usual form."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            raise wrong_type(str, data)
        try:
            if len(data) != 36:
                raise ValueError(data)
            return UUID(data)
        except ValueError as error:
            raise ValidationError(_("Give a UUID."), code="invalid_id") from error


class NothingInput(StrictSerializer):
    """A step that needs no content."""


class QuerySerializer(serializers.Serializer):
    """The parameters of an address. Unknown ones and repeated ones are refused (`read_query`)."""


@lru_cache(maxsize=256)
def reader_of(kind: type[Reader]) -> Reader:
    """The one serializer of its kind that reads what requests bring: making its fields anew takes longer than reading.

    Only `run_validation` is used of it, which keeps nothing of what it reads.
    """
    return kind()


def read_query(kind: type[QuerySerializer], parameters: Any) -> dict[str, Any]:
    """The checked parameters of an address; ValidationError names each one that is wrong."""
    reader = reader_of(kind)
    errors: dict[str, Any] = {}
    for name in parameters:
        if name not in reader.fields:
            errors[name] = [ErrorDetail(str(_("There is no such parameter.")), code="unknown_parameter")]
        elif len(parameters.getlist(name)) > 1 and not isinstance(reader.fields[name], Several):
            errors[name] = [ErrorDetail(str(_("Give this parameter once.")), code="repeated")]
    try:
        values = reader.run_validation({name: _said(reader, name, parameters) for name in parameters})
    except ValidationError as error:
        raise ValidationError({**errors, **error.detail}) from error  # type: ignore[dict-item]
    if errors:
        raise ValidationError(errors)
    return dict(values)


def _said(reader: QuerySerializer, name: str, parameters: Any) -> Any:
    return parameters.getlist(name) if isinstance(reader.fields.get(name), Several) else parameters[name]


class FieldList(Raw):
    """A comma-separated list of names of fields, each one of `names`."""

    def __init__(self, names: frozenset[str], **kwargs: Any) -> None:
        self.names = names
        kwargs.setdefault(
            "help_text", _("Comma-separated names of the fields to answer with; the others are left out.")
        )
        super().__init__(max_length=500, required=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        wanted = [name for name in super().to_internal_value(data).split(",") if name]
        unknown = [name for name in wanted if name not in self.names]
        if unknown:
            text = _("There is no field with this name: %(name)s.") % {"name": ", ".join(unknown)}
            raise ValidationError(text, code="unknown_field")
        return frozenset(wanted)


class ListQuery(QuerySerializer):
    """The parameters that every paged list has."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=20, help_text=_("Rows on a page."))
    cursor = Raw(max_length=600, required=False, help_text=_("Where the last page ended: its next_cursor."))
