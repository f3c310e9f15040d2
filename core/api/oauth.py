"""`POST /oauth/token` and `/oauth/revoke`: OAuth2 client credentials by the toolkit, counted and written to the audit.

Errors here have the form that OAuth2 gives them (RFC 6749, 5.2), since OAuth2 libraries read them.
"""

import json
from base64 import b64decode
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from oauth2_provider.models import get_application_model
from oauth2_provider.views import RevokeTokenView, TokenView

from core.addresses import client_address, neighbourhood
from core.api import throttling
from core.api.secrets import is_marked
from core.audit.log import record
from core.audit.refusals import NOBODY, Refusal, note
from core.db import transaction_for

_GRANT = "client_credentials"


def _counted(request: HttpRequest) -> HttpResponse | None:
    """The answer to one who asks too often, else None.

    A client with its right secret is counted by itself alone: whatever fails at its address, or for its id with wrong
    secrets, keeps nobody away who has the right one.
    """
    client_id, secret = _presented(request)
    client = _client(client_id)
    if client is not None and is_marked(secret, getattr(client, "secret_mark", "")):
        bucket = f"oauth-client:{client_id}"
    else:
        bucket = f"oauth:{neighbourhood(client_address(request))}"
    result = throttling.count(bucket, settings.OAUTH_REQUESTS_PER_MINUTE)
    if not result.exceeded:
        return None
    body = {"error": "temporarily_unavailable", "error_description": "Too many requests; see Retry-After."}
    return JsonResponse(body, status=429, headers={"Retry-After": str(result.reset)})


def _presented(request: HttpRequest) -> tuple[str, str]:
    """The client's id and secret as the request gives them, by HTTP Basic or in the form; empty where it doesn't."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        text = b64decode(encoded, validate=True).decode("utf-8")
    except ValueError:
        return "", ""
    client_id, _colon, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def _client(client_id: str) -> Any:
    if not client_id or "\x00" in client_id:
        return None
    return get_application_model().objects.filter(client_id=client_id[:100]).first()


def _note_refused(request: HttpRequest) -> None:
    client = _client(_presented(request)[0])
    by = import_string(settings.CLIENT_NAME_PROVIDER)(client) if client is not None else NOBODY
    note(Refusal("refused.token_request", by, client_address(request)))


class Token(TokenView):
    """Gives a short-lived token for a client's id and secret, by HTTP Basic or in the form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _in_english(self._token(request, *args, **kwargs))

    def _token(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refused := _counted(request):
            return refused
        if request.content_type != "application/x-www-form-urlencoded":
            return _refuse("invalid_request", "Send the form as application/x-www-form-urlencoded.")
        if request.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            return _refuse("invalid_request", "Send the form without compression.")
        if any(len(values) > 1 for _name, values in request.POST.lists()):
            return _refuse("invalid_request", "Send each parameter once.")
        if request.POST.get("grant_type") != _GRANT:
            return _refuse("unsupported_grant_type", "Only client_credentials is offered.")
        if any("\x00" in value for values in request.POST.lists() for value in values[1]):
            return _refuse("invalid_request", "The form contains a null character.")
        response: HttpResponse = super().post(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if response.status_code == 200:
            self._record(request, json.loads(response.content))
        elif response.status_code in {400, 401, 403}:
            _note_refused(request)
        return response

    def _record(self, request: HttpRequest, given: dict[str, Any]) -> None:
        client = _client(_presented(request)[0])
        scopes = frozenset(given.get("scope", "").split())
        actor = import_string(settings.CLIENT_ACTOR_PROVIDER)(client, scopes=scopes) if client else None
        if actor is not None:
            with transaction_for(actor):
                record("partner_client.token", by=actor, subject=client, details={"scopes": sorted(scopes)})


class Revoke(RevokeTokenView):
    """Ends a token before its time (RFC 7009)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = _counted(request) or super().post(request, *args, **kwargs)
        return _in_english(response)


def _in_english(response: HttpResponse) -> HttpResponse:
    """Say of an answer which language it speaks: that of the standard, whatever was asked for."""
    response["Content-Language"] = "en"
    return response


def _refuse(error: str, description: str) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=400)
