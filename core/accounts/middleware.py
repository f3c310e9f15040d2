"""Attach `request.actor`, for whom the signed-in person acts in this request, and open their transaction."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from core.actors import Actor
from core.db import as_actor, begin_anew
from core.errors import Denied

View = TypeVar("View", bound=Callable[..., Any])
ORGANISATION_KEY = "organisation_id"


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person's actor. Raises Denied when there is none."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Denied
    return actor


def without_transaction(view: View) -> View:
    """Mark a view that asks for nobody's data, or that opens the actor's transaction by itself (the API's)."""
    view.without_transaction = True  # type: ignore[attr-defined]
    return view


class ActorMiddleware:
    """Set `request.actor` (an `Actor`, or None when nobody is signed in), and open the actor's transaction.

    The transaction holds the view and the rendering of its answer, and commits before the answer leaves. What the
    session, the sign-in and the limits keep is written outside of it. An answer that is streamed must have read
    everything before.

    The provider is named in settings, because the floor does not know where memberships are kept.
    A person who hasn't chosen a language in this browser gets the one in their profile.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.provide = import_string(settings.ACTOR_PROVIDER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.actor = self.provide(request.user, request.session.get(ORGANISATION_KEY))  # type: ignore[attr-defined]
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(request.user.preferred_language)
                request.LANGUAGE_CODE = translation.get_language()
        with ExitStack() as request.transaction:  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Begin, once the address is known and the person may come in at all."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is not None and not getattr(view, "without_transaction", False):
            request.transaction.enter_context(as_actor(actor))  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Undo what the view wrote, and begin anew for the page that tells of the error."""
        begin_anew()
