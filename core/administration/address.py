"""Where the administration answers: at its own host, or nowhere."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class AdminAddressMiddleware:
    """Take the administration's addresses away from every host but its own: there they are unknown, as any other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.ADMIN_HOST and request.get_host() != settings.ADMIN_HOST:
            request.urlconf = settings.PUBLIC_URLCONF
        return self.get_response(request)


def admin_address() -> str:
    """The link to the administration for a page of any host, empty where it isn't served."""
    if settings.ADMIN_HOST:
        return str(settings.ADMIN_URL)
    return reverse("admin:index") if settings.ADMIN_URL else ""
