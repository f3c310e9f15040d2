"""A post that comes after the session has ended: its text is kept before the person is sent to sign in.

So it is for a session that has shown only the password: the way leads to the second step, and back to the form.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.accounts.gate import lead_to, page_first
from core.actors import SYSTEM
from core.db import as_actor
from core.kept.desk import kept_sentence, rescue


class RescueMiddleware:
    """Stands before Django's LoginRequiredMiddleware, which would answer and drop the text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST" or not hasattr(view, "keeps_text"):
            return None
        page = page_first(request, view)
        if request.user.is_authenticated and not page:
            return None
        with as_actor(SYSTEM):
            row, _ticket = rescue(request)
        if "autosave" in request.POST:
            text = (
                _("You are signed out. What you typed is kept: sign in and open the page again.")
                if row is not None
                else _("Not saved: you are signed out. Your text is still on this page.")
            )
            return JsonResponse({"message": text}, status=401)
        tell = messages.warning if row is None else messages.info
        tell(request, kept_sentence(row))
        return lead_to(request, page) if page else redirect_to_login(request.get_full_path())
