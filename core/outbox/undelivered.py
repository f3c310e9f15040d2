"""Messages that didn't reach somebody, for those who should tell them otherwise."""

from django.db.models import Model, QuerySet

from core.outbox.models import Message
from core.prepared import Parameter, prepared


def not_reached(subject: Model, recipient: str) -> list[Message]:
    """The undelivered messages about a subject since the last one that reached the recipient, the oldest first."""
    found = prepared(_about).rows(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), recipient=recipient
    )
    missed: list[Message] = []
    for message in found:
        if message.sent_at is not None:
            missed = []
        elif message.undelivered_at is not None:
            missed.append(message)
    return missed


def _about() -> QuerySet[Message]:
    return Message.objects.filter(
        event__subject_type=Parameter("subject_type"),
        event__subject_id=Parameter("subject_id"),
        recipient=Parameter("recipient"),
    ).order_by("created_at", "event_id", "id")
