"""Pages for the errors that Django itself raises."""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.actors import SYSTEM
from core.db import as_actor
from core.kept.desk import kept_sentence, rescue
from core.kept.tickets import FIELD
from core.refusals import is_away, refuse
from core.wellformed import API, does_not_fit

#: Asked by programs alone, as the API is.
OAUTH = "/oauth/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return refuse(request, "too_large")
    return refuse(request, "wrong_host" if isinstance(exception, DisallowedHost) else "bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith(API):
        return refuse(request, "denied")
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path_info.startswith((API, OAUTH)):
        return refuse(request, "not_found")
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """What went wrong outside of a view: before it in the session or the sign-in, or in the answer to an error."""
    error = sys.exc_info()[1]
    code = "unavailable" if is_away(error) else "bad_request" if does_not_fit(error) else "server_error"
    return refuse(request, code)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or came from elsewhere: say how to go on, and what became of its text.

    The text goes to whom the form was shown, whoever is signed in by now; only they are led back to it.
    """
    context: dict[str, Any] = {}
    if FIELD in request.POST:
        with as_actor(SYSTEM):
            row, ticket = rescue(request)
        if "autosave" in request.POST:
            return JsonResponse({"message": kept_sentence(row)}, status=403)
        context["kept"] = kept_sentence(row)
        if row is not None and ticket is not None and request.user.pk in {None, ticket.user_id}:
            context["page"] = f"{ticket.page}?typed={ticket.form}"
    return render(request, "errors/csrf.html", context, status=403)
