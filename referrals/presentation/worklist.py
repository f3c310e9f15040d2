"""News in words, for the clinician's worklist."""

from typing import Any

from django.utils.translation import gettext as _

from core.outbox.messages import words_of
from core.outbox.models import Message


def news(messages: list[Message]) -> list[dict[str, Any]]:
    """Unread messages as dicts of id, kind, label, number, text, at."""
    rows = []
    for message in messages:
        kind, label = ("warn", _("Needs you")) if message.needs_action else ("info", _("News"))
        rows.append(
            {
                "id": message.pk,
                "kind": kind,
                "label": label,
                "number": message.params.get("number", ""),
                "text": words_of(message).body,
                "at": message.created_at,
            }
        )
    return rows
