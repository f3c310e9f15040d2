"""`POST /oauth/token` and `/oauth/revoke`: OAuth2 client credentials by the toolkit, counted and written to the audit.

Errors here have the form that OAuth2 gives them (RFC 6749, 5.2), since OAuth2 libraries read them.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from oauth2_provider.models import get_application_model
from oauth2_provider.views import RevokeTokenView, TokenView

from core.api import throttling
from core.audit.log import record
from core.db import transaction_for

_GRANT = "client_credentials"


def _counted(request: HttpRequest, view: Any) -> HttpResponse | None:
    """The answer to one who asks too often, else None."""
    address = request.META.get("REMOTE_ADDR", "")
    result = throttling.count(f"oauth:{address}", settings.OAUTH_REQUESTS_PER_MINUTE)
    if not result.exceeded:
        return None
    body = {"error": "temporarily_unavailable", "error_description": "Too many requests; see Retry-After."}
    return JsonResponse(body, status=429, headers={"Retry-After": str(result.reset)})


class Token(TokenView):
    """Gives a short-lived token for a client's id and secret, by HTTP Basic or in the form."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refused := _counted(request, self):
            return refused
        if request.content_type != "application/x-www-form-urlencoded":
            return _refuse("invalid_request", "Send the form as application/x-www-form-urlencoded.")
        if request.POST.get("grant_type") != _GRANT:
            return _refuse("unsupported_grant_type", "Only client_credentials is offered.")
        if any("\x00" in value for values in request.POST.lists() for value in values[1]):
            return _refuse("invalid_request", "The form contains a null character.")
        response: HttpResponse = super().post(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if response.status_code == 200:
            self._record(request, json.loads(response.content))
        return response

    def _record(self, request: HttpRequest, given: dict[str, Any]) -> None:
        client_id = request.POST.get("client_id") or self._basic_id(request)
        client = get_application_model().objects.filter(client_id=client_id).first()
        scopes = frozenset(given.get("scope", "").split())
        actor = import_string(settings.CLIENT_ACTOR_PROVIDER)(client, scopes=scopes) if client else None
        if actor is not None:
            with transaction_for(actor):
                record("partner_client.token", by=actor, subject=client, details={"scopes": sorted(scopes)})

    def _basic_id(self, request: HttpRequest) -> str:
        from base64 import b64decode
        from urllib.parse import unquote

        _scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
        return unquote(b64decode(encoded).decode("utf-8").partition(":")[0])


class Revoke(RevokeTokenView):
    """Ends a token before its time (RFC 7009)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = _counted(request, self) or super().post(request, *args, **kwargs)
        return response


def _refuse(error: str, description: str) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=400)
