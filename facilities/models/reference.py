from collections.abc import Iterable

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.languages import FALLBACKS

PORTAL_LANGUAGES = ("en", "ru", "kk", "uz", "ky")


class ReferenceRow(models.Model):
    """A row that a reference file fills and that a person may correct in the admin.

    `loaded_values` holds the file's value of each field as it was last loaded. A field whose value in
    the table differs from it was changed by a person: a reload keeps it and reports it.
    """

    loaded_values = models.JSONField(_("values as last loaded"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def changed_by_person(self) -> dict[str, object]:
        """The fields that a person changed, each with the reference value that it had or would have."""
        return {
            name: reference
            for name, reference in self.loaded_values.items()
            if getattr(self, self._meta.get_field(name).attname) != reference  # type: ignore[union-attr]
        }

    def restore_reference(self, names: Iterable[str] | None = None) -> list[str]:
        """Give the named fields (all when None) their reference values again; the caller saves the row.

        Returns the names of the fields that changed.
        """
        changed = self.changed_by_person()
        wanted = [name for name in changed if names is None or name in set(names)]
        for name in wanted:
            setattr(self, self._meta.get_field(name).attname, changed[name])  # type: ignore[union-attr]
        return wanted


def in_active_language(row: models.Model, stem: str, order: tuple[str, ...] = ("en", "ru")) -> str:
    """`<stem>_<language>` of a row in the active language, else in the one that stands in for it, else by `order`."""
    language = (get_language() or "en").split("-")[0]
    for code in (language, FALLBACKS.get(language, language), *order):
        value = getattr(row, f"{stem}_{code}", "")
        if value:
            return str(value)
    return ""
