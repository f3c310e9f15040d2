"""The admin of the days on which a country rests or works against the weekday."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from core.audit import log as audit
from facilities.admin_base import columns, searched
from facilities.models import CalendarDay
from facilities.reference import calendars


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """A day is changed, never deleted: one that is no holiday any more is a working day.

    Limits that run already keep their end.
    """

    list_display = ("day", "country", "kind", *columns("en"), "by_person")
    list_filter = ("country", "kind", "by_person")
    list_select_related = ("country",)
    search_fields = searched("names")
    date_hierarchy = "day"
    readonly_fields = ("by_person",)
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The seed knows its rows by country and day: another day is another row."""
        return ("country", "day", "by_person") if obj else ("by_person",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, and before it the years that somebody has to fill in."""
        for country, year in calendars.years_unknown():
            text = _("%(country)s: no days off are known for %(year)s. Enter the public holidays.")
            shown = {"country": country.name, "year": formats.number_format(year, use_l10n=False)}
            self.message_user(request, text % shown, messages.WARNING)
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.by_person = True
        super().save_model(request, obj, form, change)
        calendars.write_calendar(obj.country)
        audit.record(
            "reference.change" if change else "reference.add",
            by=request.actor,  # type: ignore[attr-defined]
            subject=obj,
            details={"fields": form.changed_data},
        )
