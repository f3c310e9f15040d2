"""The feed of events: what changed for the reader's organisation, in an order that never changes behind them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.api.answers import Answer, Listing, OneOf
from core.api.cursors import following
from core.api.fields import QuerySerializer, Raw
from core.api.jsonio import answer
from core.api.permissions import SCOPES, InsufficientScope, SignedIn
from core.api.problems import Conflict
from core.api.schema import EXPIRING
from core.api.views import ApiView
from core.errors import Denied, Invalid
from core.feed import places
from core.feed.numbering import BATCH, number_waiting
from core.feed.reading import Event, Gone, Page, read_behind
from core.feed.registry import KINDS, TYPES, Kind

#: How long a reader who has everything waits before they ask again, in seconds.
PAUSE = 5
#: In the place of an id: behind everything that has happened until now.
NOW = "now"


class _Names:
    """Names of a table that the rooms fill, read when somebody asks."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._table))


class EventSubject(Answer):
    """What something happened to. `self` is where to read it, null where you may not any more."""

    kind: Annotated[str, OneOf(_Names(KINDS))]
    id: str
    number: Annotated[str | None, "Of a referral that was filed."]
    self: str | None


class FeedEvent(Answer):
    """That something happened, and to what. What it is like now, its address tells."""

    id: Annotated[
        str,
        "Opaque. Compared as texts, the later event has the greater id; send it as `after` to go on behind it.",
    ]
    type: Annotated[str, OneOf(_Names(TYPES))]
    at: Annotated[datetime, "When it happened. Events come in the order of their ids, not of their moments."]
    gone: Annotated[
        bool, "You may not see the subject any more, or it isn't there any more: delete your copy."
    ]
    subject: EventSubject

    @classmethod
    def of(cls, event: Event) -> "FeedEvent":
        shown = event.shown
        subject = EventSubject(
            kind=event.type.kind.name,
            id=event.subject_id,
            number=shown.number if shown else None,
            self=shown.address if shown else None,
        )
        return cls(id=event.id, type=event.type.name, at=event.at, gone=shown is None, subject=subject)


class EventPage(Listing):
    """Events in their order. Keep `after`, and ask again at `next`: at once where `more` stand behind these."""

    results: list[FeedEvent]
    next: str
    after: Annotated[str, "The place behind these events, also where there are none. It is yours to keep."]
    more: bool
    pause_seconds: Annotated[int, "How long to wait before you ask again; also in `Retry-After`."]


class _TypeList(Raw):
    """Comma-separated types of events."""

    def to_internal_value(self, data: Any) -> Any:
        wanted = list(dict.fromkeys(name for name in super().to_internal_value(data).split(",") if name))
        if unknown := [name for name in wanted if name not in TYPES]:
            text = _("There is no type of event with this name: %(name)s.")
            raise ValidationError(text % {"name": ", ".join(unknown)}, code="unknown_type")
        return wanted


class EventQuery(QuerySerializer):
    """The parameters of the feed."""

    after = Raw(
        max_length=100,
        required=False,
        help_text="The place behind which to go on: `after` of the last answer, or the id of an event. Left out, the "
        "feed begins with the oldest event that is kept; `now` gives the place behind the newest one.",
    )
    limit = serializers.IntegerField(
        min_value=1, max_value=200, default=100, help_text="Events in an answer."
    )
    types = _TypeList(
        max_length=2000,
        required=False,
        help_text="Comma-separated types; others are left out. That a subject is gone is always told.",
    )


class EventsGone(Conflict):
    """410: what stood behind the place isn't kept any more, or the portal was restored from a copy."""

    status = 410


class Events(ApiView):
    """What changed."""

    section = "events"
    any_scope_of: ClassVar[list[str]] = [scope for scope in SCOPES if scope.endswith(":read")]
    permission_classes = [SignedIn]

    def prepare(self) -> None:
        """Give a number to what was committed until now."""
        self.all_numbered = number_waiting() < BATCH

    @extend_schema(
        operation_id="listEvents",
        summary="Follow what changes",
        parameters=[EventQuery],
        responses=EventPage,
        extensions=EXPIRING,
    )
    def get(self, request: Request) -> HttpResponse:
        """Events of everything that your organisation may read with the token's scopes, each once and in order: whoever
        goes on at `after` misses none. An event has no content; read the subject at its address. See docs/events.md."""
        wanted = self.parameters(EventQuery)
        types = wanted.get("types", [])
        kinds = self._readable(types)
        try:
            page = read_behind(
                self.actor,
                self._place(wanted),
                kinds=kinds,
                types=types,
                limit=wanted["limit"],
                at_end=wanted.get("after") == NOW,
            )
        except Gone as error:
            more = {"oldest": str(error.oldest), "newest": str(error.newest)}
            raise EventsGone(
                _("What happened after this place isn’t kept any more."), code="events_gone", more=more
            ) from error
        return self._answer(page, request)

    def _place(self, wanted: dict[str, Any]) -> places.Place | None:
        after = wanted.get("after", "")
        if not after or after == NOW:
            return None
        if (place := places.read(after)) is None:
            raise Invalid(
                {"after": [_("This is no place in the feed. Send `after` of your last answer as it was.")]},
                code="invalid_place",
            )
        return place

    def _readable(self, types: list[str]) -> list[Kind]:
        """The kinds that the reader follows. Raises InsufficientScope, Denied."""
        actor, asked = self.actor, {TYPES[name].kind for name in types}
        kinds = [kind for kind in KINDS.values() if not asked or kind in asked]
        if actor.kind == "client":
            covered = [kind for kind in kinds if f"{kind.resource}:read" in actor.scopes]
            if not covered or (asked and len(covered) < len(kinds)):
                missing = next(kind for kind in kinds if kind not in covered)
                raise InsufficientScope(f"{missing.resource}:read")
            kinds = covered
        kinds = [kind for kind in kinds if kind.parties(actor)]
        if not kinds:
            raise Denied()
        return kinds

    def _answer(self, page: Page, request: Request) -> HttpResponse:
        more, after = page.more or not self.all_numbered, str(page.place)
        pause = 0 if more else PAUSE
        response = answer(
            EventPage(
                results=[FeedEvent.of(event) for event in page.events],
                next=following(request, "after", after),
                after=after,
                more=more,
                pause_seconds=pause,
            )
        )
        if pause:
            response["Retry-After"] = str(pause)
        return response
