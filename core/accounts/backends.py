"""The one way by which a password is looked at, for the portal's own sign-in and the admin's."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from core.accounts import throttle
from core.accounts.devices import known_device
from core.accounts.refusals import sign_in_delayed, sign_in_failed
from core.addresses import client_address, neighbourhood


class PortalBackend(ModelBackend):
    """Django's own, with attempts that are counted and made to wait. Raises throttle.TooMany."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> Any:
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **more)
        counters = throttle.sign_in_counters(
            username=username[:150],
            place=neighbourhood(client_address(request)),
            password=password,
            device=known_device(request, username[:150]),
        )
        try:
            throttle.attempt(counters)
        except throttle.TooMany:
            sign_in_delayed(request, username)
            raise
        user = super().authenticate(request, username, password, **more)
        if user is None:
            sign_in_failed(request, username)
        else:
            throttle.succeeded(counters)
        return user
