"""Who asks: a partner's system by its token, or a person by the portal's session."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.authentication import BaseAuthentication, CSRFCheck, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from core.accounts.second_factor import SecondFactorNeeded, page_before
from core.actors import Actor


class InvalidToken(AuthenticationFailed):
    default_code = "invalid_token"
    default_detail = gettext_lazy("The token is unknown, has expired, or was revoked. Get a new one.")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. The provider in settings says which actor a token is, or None."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise InvalidToken()
        provide: Callable[[str], Actor | None] = import_string(settings.TOKEN_ACTOR_PROVIDER)
        actor = provide(words[1].decode("latin-1"))
        if actor is None:
            raise InvalidToken()
        request._request.actor = actor  # type: ignore[attr-defined]
        return actor, actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class SessionAuthentication(BaseAuthentication):
    """The person who is signed in to the portal; changes need the CSRF token, as the pages' own forms do."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is None or actor.kind != "person":
            return None
        check = CSRFCheck(_no_response)
        check.process_request(request._request)
        if check.process_view(request._request, _no_response, (), {}):
            raise PermissionDenied(_("Send the session’s CSRF token in X-CSRFToken."), code="csrf")
        if page := page_before(request._request):
            raise SecondFactorNeeded(page)
        return request._request.user, actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _no_response(request: HttpRequest) -> Any:
    raise NotImplementedError  # CSRFCheck is asked, never called
