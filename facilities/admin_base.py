"""What the admin's pages of reference rows share: shown against the reference, corrected, never deleted."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import languages
from core.audit import log as audit
from core.errors import Denied
from facilities import actions
from facilities.models.reference import ReferenceRow

NOT_ADMINISTRATOR = _(
    "Nothing was done: this takes the role of an administrator in the organisation concerned, or at the operator "
    "of the portal. A superuser’s account alone has none; give it the role under “memberships”."
)


def searched(field: str) -> tuple[str, ...]:
    """The names of a field in every language, for a model's `search_fields`."""
    return tuple(f"{field}__{code}" for code in languages.CODES)


def columns(*codes: str, field: str = "names") -> tuple[Any, ...]:
    """A column of a list for the name in each of the languages."""
    return tuple(_column(field, code) for code in codes)


def _column(field: str, code: str) -> Any:
    label: Any = dict(languages.choices())[code]

    @admin.display(description=label, ordering=f"{field}__{code}")
    def name(row: Model) -> str:
        return str(getattr(row, field).get(code, ""))

    return name


class ReferenceAdmin(admin.ModelAdmin):
    """Shows what a person changed against the reference, restores it on demand, and deletes nothing."""

    actions: Any = ("restore_reference",)
    readonly_fields: ClassVar[Any] = ("changed_here",)
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("changed here; value of the reference"))
    def changed_here(self, row: ReferenceRow) -> str:
        changed = row.changed_by_person() if row.pk else {}
        return format_html_join("", "{}: {}<br>", changed.items()) if changed else "—"

    @admin.action(description=_("Restore the values of the reference data"), permissions=["change"])
    def restore_reference(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        try:
            number = actions.restore_reference(rows=queryset, by=request.actor)  # type: ignore[attr-defined]
        except Denied:
            self.message_user(request, NOT_ADMINISTRATOR, messages.ERROR)
            return
        text = ngettext("%(number)s row was restored.", "%(number)s rows were restored.", number)
        self.message_user(request, text % {"number": number}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            "reference.change" if change else "reference.add",
            by=request.actor,  # type: ignore[attr-defined]
            subject=obj,
            details={"fields": form.changed_data},
        )
        actions.follow_facts(obj, by=request.actor)  # type: ignore[attr-defined]
