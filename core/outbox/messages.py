"""Telling people: one message for each event, recipient and channel, in the recipient's language."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from core.actors import SYSTEM
from core.db import as_actor
from core.outbox.models import Channel, Event, Message
from core.outbox.publish import add_jobs
from core.outbox.registry import handler

logger = logging.getLogger(__name__)

DELIVERY = "outbox.deliver"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell. A person of the portal has a `user_id` and an inbox; a patient has neither."""

    key: str
    language: str
    user_id: int | None = None
    email: str = ""
    phone: str = ""
    needs_action: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language: a subject line and a body of whole sentences."""

    subject: str
    body: str


Renderer = Callable[[str, dict[str, Any]], Words]
_renderers: dict[str, Renderer] = {}


def renderer(prefix: str) -> Callable[[Renderer], Renderer]:
    """Register the function that puts messages whose kind starts with `prefix.` into words."""

    def register(function: Renderer) -> Renderer:
        _renderers[prefix] = function
        return function

    return register


def words_of(message: Message, language: str | None = None) -> Words:
    """The message's words, in the given language or the active one."""
    render = _renderers[message.kind.split(".", 1)[0]]
    if language is None:
        return render(message.kind, message.params)
    with translation.override(language):
        return render(message.kind, message.params)


def tell(
    event: Event, *, kind: str, params: dict[str, Any], link: str, recipients: Iterable[Recipient]
) -> int:
    """Write the messages of an event; repeated, it adds only what is missing. The number of recipients told.

    A person gets an in-app message and, with an address, an e-mail. A patient gets an e-mail, or an SMS where there
    is only a telephone number.
    """
    people = {recipient.key: recipient for recipient in recipients}
    known = set(Message.objects.filter(event=event).values_list("recipient", "channel"))
    now = timezone.now()
    new = [
        Message(
            event=event,
            kind=kind,
            params=params,
            link=link,
            recipient=person.key,
            user_id=person.user_id,
            channel=channel,
            address=address,
            language=person.language,
            needs_action=person.needs_action,
            created_at=now,
            sent_at=now if channel == Channel.INBOX else None,
        )
        for person in people.values()
        for channel, address in _channels(person)
        if (person.key, channel) not in known
    ]
    # A second worker at the same moment breaks the table's rule here: its transaction ends and finds these later.
    Message.objects.bulk_create(new)
    add_jobs(event, handler=DELIVERY, keys=[str(row.pk) for row in new if row.channel != Channel.INBOX])
    return len(people)


def _channels(person: Recipient) -> Iterable[tuple[Channel, str]]:
    if person.user_id is not None:
        yield Channel.INBOX, ""
    if person.email:
        yield Channel.EMAIL, person.email
    elif person.phone and person.user_id is None:
        yield Channel.SMS, person.phone


@handler(name=DELIVERY, atomic=False)
def deliver(event: Event, key: str) -> None:
    """Send one e-mail or SMS, outside any transaction, and mark it.

    A worker killed between sending and marking sends again: the e-mail's Message-ID and the SMS's reference are the
    message's own id, so that the receiver's side can tell a repetition.
    """
    with as_actor(SYSTEM):
        message = Message.objects.get(pk=key)
    if message.sent_at is not None:
        return
    words = words_of(message, message.language)
    if message.channel == Channel.EMAIL:
        _send_email(message, words)
    else:
        import_string(settings.SMS_BACKEND)().send(
            to=message.address, text=words.body, reference=str(message.pk)
        )
    with as_actor(SYSTEM):
        Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())


def _send_email(message: Message, words: Words) -> None:
    body = words.body
    if message.link:
        body = f"{body}\n\n{settings.PUBLIC_URL}{message.link}"
    host = settings.PUBLIC_URL.split("://", 1)[1].split(":")[0]
    EmailMessage(
        subject=words.subject,
        body=f"{body}\n",
        to=[message.address],
        headers={
            "Message-ID": f"<{message.pk}@{host}>",
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    ).send()
