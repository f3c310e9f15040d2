from django.contrib import admin
from django.http import HttpRequest

from core.audit.models import AuditRow


@admin.register(AuditRow)
class AuditRowAdmin(admin.ModelAdmin):
    """Reading only: the log is written by actions and changed by nobody."""

    list_display = ("at", "action", "actor_label", "country", "subject_type", "subject_id")
    list_filter = ("country", "actor_kind", "action")
    search_fields = ("subject_id", "actor_id")
    fields = (
        "at",
        "action",
        "actor_kind",
        "actor_label",
        "country",
        "subject_type",
        "subject_id",
        "request_id",
    )
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditRow | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditRow | None = None) -> bool:
        return False
