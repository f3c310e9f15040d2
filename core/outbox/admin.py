from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.outbox.models import Event, Job, Message


class ReadOnlyAdmin(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "subject_type", "subject_id")
    list_filter = ("kind",)
    search_fields = ("subject_id",)
    fields = ("kind", "subject_type", "subject_id", "actor_kind", "created_at")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Jobs that were given up can be started again from here."""

    list_display = (
        "id",
        "handler",
        "event",
        "attempts",
        "next_attempt_at",
        "finished_at",
        "failed_at",
        "kind_of_error",
    )
    fields = list_display
    list_filter = (
        "handler",
        ("failed_at", admin.EmptyFieldListFilter),
        ("finished_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("event",)
    actions = ["start_again"]

    @admin.display(description=_("last error"))
    def kind_of_error(self, job: Job) -> str:
        """Its first word: the sentence may repeat what a row or a letter holds."""
        word = job.last_error.partition(":")[0].strip()
        return word if word.replace(".", "").isidentifier() else "—"

    @admin.action(description=_("Start the given-up jobs again"))
    def start_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = queryset.filter(finished_at=None, failed_at__isnull=False).update(
            failed_at=None, attempts=0, next_attempt_at=timezone.now()
        )
        self.message_user(request, _("Jobs started again: %(count)s.") % {"count": count})


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What was sent, and what could not be: the filter “not delivered” lists whom somebody must tell otherwise."""

    list_display = (
        "created_at",
        "kind",
        "channel",
        "recipient",
        "language",
        "sent_at",
        "undelivered_at",
        "undelivered_reason",
    )
    list_filter = (
        ("undelivered_at", admin.EmptyFieldListFilter),
        "undelivered_reason",
        "channel",
        "kind",
        "language",
    )
    search_fields = ("recipient", "event__subject_id")
    # Neither the address nor the words, which may be a patient's.
    fields = list_display
