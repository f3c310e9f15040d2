"""The in-app inbox: reading and marking one's own messages."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core.actors import Actor
from core.db import transaction_for
from core.outbox.models import INBOX, Message


def visible_messages(actor: Actor) -> QuerySet[Message]:
    """The actor's own in-app messages, the newest first; none for a client or the system."""
    if actor.user_id is None:
        return Message.objects.none()
    return Message.objects.filter(user_id=actor.user_id, channel=INBOX).order_by("-created_at", "-id")


def newest_unread(actor: Actor, most: int) -> list[Message]:
    """So many of the actor's unread messages, the newest first."""
    return list(visible_messages(actor).filter(read_at=None)[:most])


def unread_count(actor: Actor) -> int:
    """How many of the actor's messages are unread."""
    if actor.user_id is None:
        return 0
    return visible_messages(actor).filter(read_at=None).count()


def mark_read(actor: Actor, message_id: UUID | None = None) -> int:
    """Mark one message, or all of them, as read. The number that was unread."""
    unread = visible_messages(actor).filter(read_at=None)
    if message_id is not None:
        unread = unread.filter(pk=message_id)
    with transaction_for(actor):
        return unread.update(read_at=timezone.now())
