"""What is noted of attempts to sign in that failed. A name that nobody has isn't written down: it may be a password."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.module_loading import import_string

from core.actors import Actor
from core.addresses import client_address
from core.audit.refusals import NOBODY, Refusal, note


def sign_in_failed(request: HttpRequest, username: str) -> None:
    """A wrong user name or password."""
    _note(request, "account.sign_in_failed", _named(username))


def sign_in_delayed(request: HttpRequest, username: str) -> None:
    """An attempt that came too early after others and wasn't looked at."""
    _note(request, "account.sign_in_delayed", _named(username))


def second_factor_failed(request: HttpRequest, user: Any) -> None:
    """A wrong code after a right password."""
    _note(request, "account.second_factor_failed", actor_of(user))


def password_guessed(request: HttpRequest, user: Any) -> None:
    """A wrong present password, typed in an open session."""
    _note(request, "account.password_guess", actor_of(user))


def actor_of(user: Any) -> Actor:
    """The actor that an account is, with no role where it has none yet."""
    found: Actor | None = import_string(settings.ACTOR_PROVIDER)(user)
    return found or Actor(kind="person", id=str(user.pk), label=str(user), user_id=user.pk)


def _named(username: str) -> Actor:
    if "\x00" in username:
        return NOBODY
    user = get_user_model().objects.filter(username=username[:150]).first()
    return actor_of(user) if user is not None else NOBODY


def _note(request: HttpRequest, action: str, by: Actor) -> None:
    note(Refusal(action, by, client_address(request)))
