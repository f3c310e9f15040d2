"""The in-app inbox."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.accounts.middleware import actor_of
from core.errors import NotKnown
from core.outbox import inbox
from core.outbox.messages import words_of
from core.pages import paginate


@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """One's messages, the newest first, in the language of the page."""
    page = paginate(inbox.visible_messages(actor_of(request)), request.GET.get("page"))
    rows = [{"message": message, "words": words_of(message)} for message in page.items]
    return render(request, "web/inbox.html", {"page": page, "rows": rows})


@require_POST
def open_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    message = inbox.visible_messages(actor_of(request)).filter(pk=message_id).first()
    if message is None:
        raise NotKnown()
    inbox.mark_read(actor_of(request), message.pk)
    return redirect(message.link or "messages:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of one's messages as read."""
    inbox.mark_read(actor_of(request))
    return redirect("messages:inbox")
