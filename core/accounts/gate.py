"""The gate between the password and the rest: before the second factor nothing else opens, nor the admin."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.accounts.second_factor import SecondFactorNeeded, page_before

View = TypeVar("View", bound=Callable[..., Any])


def before_second_factor(view: View) -> View:
    """Mark a view that somebody who has shown only the password may open: signing out, and the second step itself."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def page_first(request: HttpRequest, view: Callable[..., Any]) -> str:
    """The page that must come before this view; empty when it may be opened.

    Views for everybody, and the API's, which asks by itself, are no concern of the gate.
    """
    if not request.user.is_authenticated or getattr(view, "before_second_factor", False):
        return ""
    return page_before(request) if getattr(view, "login_required", True) else ""


def lead_to(request: HttpRequest, page: str) -> HttpResponse:
    """The way to the page, and from there back to where the person was going."""
    to = request.get_full_path()
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': to})}")


class SecondFactorMiddleware:
    """Lead to the second step whoever has shown only a password, and whoever must show it again for what they do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        page = page_first(request, view)
        return lead_to(request, page) if page else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return lead_to(request, exception.page) if isinstance(exception, SecondFactorNeeded) else None
