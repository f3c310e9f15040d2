"""Scopes: what a client's token may be used for. A person isn't narrowed by scopes."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.actors import Actor
from core.errors import Text

SCOPES: dict[str, Text] = {
    "patients:read": gettext_lazy("Find and read the facility’s patients"),
    "patients:write": gettext_lazy("Register patients, record consent and coverage"),
    "referrals:read": gettext_lazy("List and read referrals"),
    "referrals:write": gettext_lazy("File referrals and answer them"),
    "directory:read": gettext_lazy(
        "Read facilities, districts, crossings, specialties, diagnoses and agreements"
    ),
}


class InsufficientScope(PermissionDenied):
    default_code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(_("The token lacks the scope %(scope)s.") % {"scope": scope})
        self.scope = scope


class SignedIn(BasePermission):
    """Anybody who has signed in, whatever their scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if getattr(request, "actor", None) is None:
            raise NotAuthenticated()
        return True


class HasScope(BasePermission):
    """Someone must ask, and a client's token must hold `<view.resource>:read` or `:write`.

    `view.only_reads`: a POST that changes nothing, with what may not stand in an address in its content. A method that
    nobody may use there is refused as that (405), whatever the token may do.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            raise NotAuthenticated()
        method = (request.method or "").lower()
        if actor.kind != "client" or method not in view.http_method_names or not hasattr(view, method):
            return True
        reads = request.method in SAFE_METHODS or view.only_reads
        scope = f"{view.resource}:{'read' if reads else 'write'}"
        if scope not in actor.scopes:
            raise InsufficientScope(scope)
        return True
