"""Telling people: one message for each event, recipient and channel, in the recipient's language."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation

from core.actors import SYSTEM
from core.channels import Letter, Recipient, Undeliverable, channels
from core.db import as_actor
from core.outbox.models import Event, Message, UndeliveredReason
from core.outbox.publish import add_jobs, publish
from core.outbox.registry import GiveUp, handler

__all__ = ["DELIVERY", "UNDELIVERED", "Recipient", "Words", "deliver", "renderer", "tell", "words_of"]

DELIVERY = "outbox.deliver"
#: The event of a message that was given up. Its subject is the message.
UNDELIVERED = "message.undelivered"


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

    The channels say whom they reach: a person of the portal by its inbox and by e-mail, a patient by e-mail or, where
    there is only a telephone, by SMS. For who is reached by none, a message says that they could not be told.
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
            sent_at=now if _at_once(channel) else None,
        )
        for person in people.values()
        for channel, address in _ways(person)
        if (person.key, channel) not in known
    ]
    # A second worker at the same moment breaks the table's rule here: its transaction ends and finds these later.
    Message.objects.bulk_create(new)
    add_jobs(event, handler=DELIVERY, keys=[str(row.pk) for row in new if row.sent_at is None])
    return len(people)


def withdraw_unsent(recipient: str) -> int:
    """Forget what nobody has sent to a recipient yet, inside the caller's transaction; how many messages it was."""
    _all, kinds = Message.objects.filter(recipient=recipient, sent_at__isnull=True).delete()
    return kinds.get(Message._meta.label, 0)


def _ways(person: Recipient) -> Iterator[tuple[str, str]]:
    """Name and address of each channel to use for somebody; ("", "") where none reaches them."""
    ranked, found = [], False
    for name, channel in channels().items():
        address = channel.address_of(person)
        if address is None:
            continue
        found = True
        if channel.rank is None:
            yield name, address
        else:
            ranked.append((channel.rank, name, address))
    if ranked:
        yield min(ranked)[1:]
    if not found:
        yield "", ""


def _at_once(channel: str) -> bool:
    return bool(channel) and channels()[channel].at_once


def _give_up(event: Event, key: str, reason: str) -> None:
    """Mark a message that will not arrive, and let it be known by an event."""
    message = Message.objects.filter(pk=key, sent_at=None).first()
    if message is None:
        return
    known = reason in UndeliveredReason.values
    message.undelivered_at = timezone.now()
    message.undelivered_reason = reason if known else UndeliveredReason.FAILED
    message.save(update_fields=["undelivered_at", "undelivered_reason"])
    publish(UNDELIVERED, subject=message, payload={"recipient": message.recipient}, by=SYSTEM)


@handler(name=DELIVERY, atomic=False, given_up=_give_up)
def deliver(event: Event, key: str) -> None:
    """Send one message by its channel, outside any transaction, and mark it.

    A worker killed between sending and marking sends again: the letter's reference is the message's own id, so
    that the receiver's side can tell a repetition.
    """
    with as_actor(SYSTEM):
        message = Message.objects.filter(pk=key).first()
    if message is None or message.sent_at is not None:  # withdrawn, or sent by another worker
        return
    if not message.channel:
        raise GiveUp(UndeliveredReason.NO_ADDRESS)
    words = words_of(message, message.language)
    letter = Letter(
        reference=str(message.pk),
        address=message.address,
        language=message.language,
        subject=words.subject,
        body=words.body,
        link=message.link,
    )
    try:
        channels()[message.channel].send(letter)
    except Undeliverable as error:
        raise GiveUp(error.reason) from error
    sent = Message.objects.filter(pk=message.pk)
    with as_actor(SYSTEM):
        sent.update(sent_at=timezone.now(), undelivered_at=None, undelivered_reason="")
