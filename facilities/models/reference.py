from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.names import NamesField

_NO_NAMES: Mapping[str, str] = {}


class ReferenceRow(models.Model):
    """A row that a reference file fills and that a person may correct in the admin.

    `loaded_values` holds the file's value of each field as it was last loaded. A field whose value in
    the table differs from it was changed by a person: a reload keeps it and reports it. Of names, each language
    is a field of its own here, called `names.ru`: a person's correction of one leaves the others to the file.
    """

    #: The event that a change of such a row is, where checks rest on it (`facilities.actions.follow_facts`).
    facts_kind: ClassVar[str] = ""

    loaded_values = models.JSONField(_("values as last loaded"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def changed_by_person(self) -> dict[str, object]:
        """The fields that a person changed, each with the reference value that it had or would have."""
        return {
            name: reference
            for name, reference in self.parts_of(self.loaded_values).items()
            if self.value_of(name) != reference
        }

    def restore_reference(self, names: Iterable[str] | None = None) -> list[str]:
        """Give the named fields (all when None) their reference values again; the caller saves the row.

        Returns the names of the fields that changed.
        """
        changed = self.changed_by_person()
        wanted = [name for name in changed if names is None or name in set(names)]
        for name in wanted:
            self.set_value(name, changed[name])
        return wanted

    def parts_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A file's values with names taken apart: a part for each language that the file, a load or the row has."""
        parts: dict[str, Any] = {}
        for name, value in values.items():
            if name not in _names_fields(type(self)):
                parts[name] = value
                continue
            known = [value, self.loaded_values.get(name, _NO_NAMES), getattr(self, name)]
            for code in dict.fromkeys(code for names in known for code in names):
                parts[f"{name}.{code}"] = value.get(code, "")
        return parts

    def value_of(self, part: str) -> Any:
        """The row's value of a field or of a name in one language (`names.ru`), "" for a name that isn't there."""
        name, dot, code = part.partition(".")
        if dot:
            return getattr(self, name).get(code, "")
        return getattr(self, self._meta.get_field(name).attname)  # type: ignore[union-attr]

    def set_value(self, part: str, value: Any) -> str:
        """Set what `value_of` gives; the column's name."""
        name, dot, code = part.partition(".")
        if not dot:
            attname: str = self._meta.get_field(name).attname  # type: ignore[union-attr]
            setattr(self, attname, value)
            return attname
        others = {key: other for key, other in getattr(self, name).items() if key != code}
        setattr(self, name, others | ({code: value} if value else {}))
        return name


@cache
def _names_fields(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if isinstance(field, NamesField)}
