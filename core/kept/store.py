"""Keeping, finding and forgetting. Only the owner's own texts are ever found, in a role that they had when typing."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string

from core.actors import Actor
from core.kept.models import PURPOSE, KeptText
from core.kept.tickets import FIELD, Ticket
from core.seal import seal, unseal

DAYS_KEPT = 7
LONGEST = 60_000
"""Characters of one form."""
MOST = 60
"""Texts of one person; the oldest go first."""
#: What isn't typed: tokens, marks of this mechanism, and what says how a form is to be sent.
_NOT_TYPED = frozenset(
    {"csrfmiddlewaretoken", FIELD, "autosave", "kept_discard", "take_now", "confirmed", "back", "next", "key"}
)


def typed(post: QueryDict) -> dict[str, list[str]]:
    """What a post holds of a person's typing; `version` too, which tells later what has changed since."""
    text = {
        name[:100]: [str(value).replace("\x00", "") for value in values]
        for name, values in post.lists()
        if name not in _NOT_TYPED and not name.endswith("_search")
    }
    # A form that shows a kept text carries the version of now, and beside it the one on which that was typed.
    if before := text.pop("kept_version", None):
        text["version"] = before
    return text


def save(ticket: Ticket, text: dict[str, list[str]], *, sent_too: bool = True) -> KeptText | None:
    """Keep the text for the ticket's owner. None when it is too long, or, without `sent_too`, was sent already."""
    if sum(len(name) + sum(map(len, values)) for name, values in text.items()) > LONGEST:
        return None
    now = timezone.now()
    content = {"owner": ticket.user_id, "form": ticket.form, "text": text}
    values = {
        "organisation_id": ticket.organisation_id,
        "roles": ticket.roles,
        "page": ticket.page,
        "sealed": seal(content, PURPOSE),
        "sent": False,
        "saved_at": now,
        "expires_at": now + timedelta(days=DAYS_KEPT),
    }
    with transaction.atomic():
        known = KeptText.objects.select_for_update().filter(owner_id=ticket.user_id, form=ticket.form).first()
        if known is not None and known.sent and not sent_too:
            return None
        row, _made = KeptText.objects.update_or_create(
            owner_id=ticket.user_id, form=ticket.form, defaults=values
        )
        row.was_sent = known is not None and known.sent
        if known is None:
            _only_the_latest(ticket.user_id)
    return row


def _only_the_latest(owner_id: int) -> None:
    rows = KeptText.objects.filter(owner_id=owner_id).order_by("-saved_at", "-id")
    KeptText.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[MOST:])).delete()


def was_sent(ticket: Ticket) -> None:
    """Forget the text of a form that was sent, and remember for a day that it was."""
    now = timezone.now()
    KeptText.objects.update_or_create(
        owner_id=ticket.user_id,
        form=ticket.form,
        defaults={
            "organisation_id": ticket.organisation_id,
            "roles": ticket.roles,
            "page": ticket.page,
            "sealed": b"",
            "sent": True,
            "saved_at": now,
            "expires_at": now + timedelta(days=1),
        },
    )


def kept_for(actor: Actor) -> QuerySet[KeptText]:
    """The actor's own texts that still count, the latest first; of this organisation only."""
    return KeptText.objects.filter(
        owner_id=actor.user_id,
        organisation_id=actor.organisation_id,
        sent=False,
        expires_at__gt=timezone.now(),
    ).order_by("-saved_at", "-id")


def may_read(actor: Actor, row: KeptText) -> bool:
    """Whether the actor still has every role in which the text was typed."""
    return (
        row.owner_id == actor.user_id
        and row.organisation_id == actor.organisation_id
        and set(filter(None, row.roles.split(","))) <= set(actor.roles)
    )


def text_of(actor: Actor, row: KeptText) -> QueryDict | None:
    """The text as it was posted; None for anybody but its owner."""
    found = unseal(row.sealed, PURPOSE) if may_read(actor, row) else None
    if found is None or (found["owner"], found["form"]) != (row.owner_id, row.form):
        return None
    text = QueryDict(mutable=True)
    for name, values in found["text"].items():
        text.setlist(name, values)
    return text


def forget(rows: Iterable[KeptText]) -> None:
    """Delete these texts."""
    KeptText.objects.filter(pk__in=[row.pk for row in rows]).delete()


def purge() -> int:
    """Delete what has expired, and what its owner may not read any more. The number deleted."""
    deleted, _kinds = KeptText.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted + drop_lost(KeptText.objects.all())


def drop_lost(rows: QuerySet[KeptText]) -> int:
    """Delete those of the rows whose owner has left, or lost a role in which they typed. The number deleted."""
    provide = import_string(settings.ACTOR_PROVIDER)
    actors: dict[tuple[int, int | None], Actor | None] = {}
    lost = []
    for row in rows.select_related("owner").defer("sealed").order_by("pk"):
        who = (row.owner_id, row.organisation_id)
        if who not in actors:
            actors[who] = provide(row.owner, row.organisation_id) if row.owner.is_active else None
        actor = actors[who]
        if actor is None or not may_read(actor, row):
            lost.append(row)
    forget(lost)
    return len(lost)
