"""Every 403, and every token that isn't taken, is noted: who asked, from where, for what."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from core.actors import Actor
from core.addresses import client_address
from core.audit.refusals import NOBODY, Refusal, note


class RefusalMiddleware:
    """Stands outside of the actor's transaction, so that what is noted stays though the request is undone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in {401, 403}:
            self._note(request, response)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse) -> None:
        match = request.resolver_match
        where = f"{request.method} {match.view_name}" if match is not None and match.view_name else ""
        of_api = match is not None and "api" in match.namespaces
        actor: Actor | None = getattr(request, "actor", None)
        if response.status_code == 401:
            bearer = request.headers.get("Authorization", "")
            if not (of_api and bearer):  # nobody claimed to be anybody
                return
            owner: Actor | None = import_string(settings.TOKEN_OWNER_PROVIDER)(bearer.rpartition(" ")[2])
            note(Refusal("refused.token", owner or NOBODY, client_address(request), where))
            return
        action = "refused.api" if of_api else "refused.page"
        note(Refusal(action, actor or NOBODY, client_address(request), where))
