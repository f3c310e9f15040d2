"""Names in several languages: one JSON field, `{"en": "Taraz", …}`."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core import languages
from core.forms.names import NamesFormField

Names = dict[str, str]


def in_active_language(names: Mapping[str, str], otherwise: str = "") -> str:
    """The name in the active language, else in the one that stands in for it, else in a common one."""
    return in_language(names, languages.active(), otherwise)


def in_language(names: Mapping[str, str], code: str, otherwise: str = "") -> str:
    """The name in one of the portal's languages, or in one that its readers know; `otherwise` where none is there."""
    for part in languages.ORDER[code]:
        if name := names.get(part):
            return name
    return otherwise


def name_in(field: str, code: str) -> Coalesce:
    """The same as an expression of a query, for lists of many rows: NULL where no name is there."""
    return Coalesce(
        *(KeyTextTransform(part, field) for part in languages.ORDER[code]), Value(None, TextField())
    )


def names_in_row(row: Mapping[str, str], stem: str = "name") -> Names:
    """The names in the columns `<stem>_<language>` of a file's row, without those that are empty or not there."""
    return {code: name for code in languages.CODES if (name := row.get(f"{stem}_{code}"))}


class NamesField(models.JSONField):
    """A name in each language that has one. A language without a name isn't in it; nothing in it is empty.

    `needed` are the languages that a form asks for, `longest` the most characters of a name, `lines` the height of
    its boxes. These are no matter of the table, so migrations don't know them, and a new language changes none.
    """

    description = _("Names in several languages")

    def __init__(
        self, *args: Any, needed: Iterable[str] = (), longest: int = 300, lines: int = 1, **kwargs: Any
    ) -> None:
        self.needed, self.longest, self.lines = tuple(needed), longest, lines
        super().__init__(*args, **{"default": dict, "blank": True, **kwargs})

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        check_names(value)
        if missing := [code for code in self.needed if not value.get(code)]:
            raise ValidationError(_("Enter the name in: %(codes)s."), params={"codes": ", ".join(missing)})
        if too_long := [code for code, name in value.items() if len(name) > self.longest]:
            text = _("Shorten the name in: %(codes)s. It may have %(number)s characters.")
            raise ValidationError(text, params={"codes": ", ".join(too_long), "number": self.longest})

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Refuse what is no names: most rows come from files, without a form. Raises ValidationError."""
        if not hasattr(value, "as_sql"):
            check_names(value)
        return super().get_db_prep_save(value, connection)

    def db_check(self, connection: Any) -> str:
        """The database's own look: an object of texts that aren't empty. It asks nothing about languages."""
        column = connection.ops.quote_name(self.column)
        wrong = '$.* ? (@.type() != "string" || @ == "")'
        return f"jsonb_typeof({column}) = 'object' AND NOT jsonb_path_exists({column}, '{wrong}')"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return orjson.loads(value) if isinstance(value, str) else value

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self,
            **{
                "form_class": NamesFormField,
                "needed": self.needed,
                "longest": self.longest,
                "lines": self.lines,
                **kwargs,
            },
        )


def check_names(value: Any) -> None:
    """Raise ValidationError unless it maps codes of the portal's languages to texts that aren't empty."""
    if not isinstance(value, dict):
        raise ValidationError(_("Names are an object: the code of each language with the name in it."))
    if unknown := [str(code) for code in value if code not in languages.CODES]:
        raise ValidationError(_("The portal doesn’t speak: %(codes)s."), params={"codes": ", ".join(unknown)})
    if empty := [code for code, name in value.items() if not isinstance(name, str) or not name.strip()]:
        raise ValidationError(_("The name is empty in: %(codes)s."), params={"codes": ", ".join(empty)})
