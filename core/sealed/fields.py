"""Fields of models that lie sealed in the database and are plain in Python.

Nothing is found by them: a question about a sealed column is refused, but for whether it is empty. What must be found
has a `BlindIndexField` beside it.
"""

import json
from typing import Any, TypeVar

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Exact

from core.sealed.blind import blind_index
from core.sealed.box import MARK, open_text, seal_text

#: What may be asked besides: whether there is a value, and whether it was written anew, which triggers want to know.
_ASKED = {"isnull", "df", "ndf"}
AnyRow = TypeVar("AnyRow", bound=models.Model)


class Sealed:
    """Marks a field whose value `manage.py reseal` brings under the present key: by `anew` and a saving."""

    def anew(self, value: Any) -> Any:
        """What to save in place of the value."""
        return value


class _IsEmpty(Exact):
    """A sealed column can be asked whether it is empty, and nothing else."""

    def get_prep_lookup(self) -> str:
        if not isinstance(self.rhs, str) or self.rhs:
            raise FieldError(f"{self.lhs.output_field} is sealed: look for it by its blind index.")
        return ""


class EncryptedTextField(Sealed, models.TextField):
    """A text, sealed where it lies. `max_length` counts the plain text and is for forms, as with any TextField."""

    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "as_sql"):
            raise FieldError(f"{self} is sealed: the database can’t make its value.")
        prepared = self.get_prep_value(value)
        return None if prepared is None else seal_text(prepared, self.place())

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else open_text(value, self.place())

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return _IsEmpty
        return super().get_lookup(lookup_name) if lookup_name in _ASKED else None

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def db_check(self, connection: Any) -> str:
        """Nothing that isn't sealed gets into the column, whatever writes it."""
        column = connection.ops.quote_name(self.column)
        return f"{column} = '' OR starts_with({column}, '{MARK}')"


class EncryptedJSONField(EncryptedTextField):
    """What JSON can hold, sealed as a whole."""

    # Which types django-stubs gives the attribute.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        if text == "":  # it was emptied where no key is at hand: when its person's data were erased
            return self.get_default()
        # What was erased has no value any more.
        return None if text is None else json.loads(text) if text else {}

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in _ASKED else None


class BlindIndexField(models.CharField):
    """By what a sealed value is found: a keyed hash of it, written whenever the row is. ADR 27.

    `of`: the sealed field. `beside`: fields that belong to what is hashed, so that one number of two systems has two
    hashes. `purpose`: the same in every table whose values are compared with each other.
    """

    def __init__(self, *, of: str, purpose: str, beside: tuple[str, ...] = (), **options: Any) -> None:
        self.of, self.purpose, self.beside = of, purpose, beside
        fixed = {"max_length": 40, "default": "", "blank": True, "editable": False}
        super().__init__(**{**options, **fixed})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for fixed in ("max_length", "default", "blank", "editable"):
            options.pop(fixed, None)
        return name, path, args, {**options, "of": self.of, "purpose": self.purpose, "beside": self.beside}

    def value_for(self, row: Any) -> str:
        """The index of a row's value; empty for an empty one."""
        text = str(getattr(row, self.of) or "")
        return blind_index(self.purpose, *(getattr(row, name) for name in self.beside), text) if text else ""

    def pre_save(self, model_instance: Any, add: bool) -> str:
        made = self.value_for(model_instance)
        setattr(model_instance, self.attname, made)
        return made


class SealedBytesField(Sealed, models.BinaryField):
    """What `core.seal` has sealed for a purpose, as it is."""

    def __init__(self, *args: Any, purpose: str = "", **options: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "purpose": self.purpose}

    def anew(self, value: Any) -> Any:
        return seal_text(open_text(bytes(value).decode(), self.purpose), self.purpose).encode()


def first_equal(rows: models.QuerySet[AnyRow], values: dict[str, Any]) -> AnyRow | None:
    """The first of the rows with these values; those of sealed fields are compared here, so the rows must be few."""
    fields = {field.attname: field for field in rows.model._meta.concrete_fields}
    sealed = {
        name: value for name, value in values.items() if isinstance(fields.get(name), EncryptedTextField)
    }
    plain = {name: value for name, value in values.items() if name not in sealed}
    for row in rows.filter(**plain):
        if all(getattr(row, name) == value for name, value in sealed.items()):
            return row
    return None
