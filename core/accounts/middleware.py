"""Attach `request.actor`: for whom the signed-in person acts in this request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from core.actors import Actor
from core.errors import Denied

ORGANISATION_KEY = "organisation_id"


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person's actor. Raises Denied when there is none."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Denied
    return actor


class ActorMiddleware:
    """Set `request.actor` (an `Actor`, or None when nobody is signed in).

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
        return self.get_response(request)
