"""The language of one's pages: the latest choice counts, in this browser or in the account; then the browser's own.

Choosing in the strip above every page, before signing in or after, is a choice in this browser; choosing in the
profile is one in the account, for every browser and for notices. A sign-in keeps the language of the page on which it
was made, unless the account chose another one later.
"""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from core.accounts.models import User


def at_sign_in(request: HttpRequest, user: User) -> str:
    """The language to go on with, as a code of settings.LANGUAGES."""
    here = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    chosen_at = user.language_chosen_at
    if here in dict(settings.LANGUAGES):
        later = chosen_at is not None and chosen_at.timestamp() > _moment_of(request)
        return user.preferred_language if later else here
    if chosen_at is not None:
        return user.preferred_language
    return _of_browser(request) or user.preferred_language


def _moment_of(request: HttpRequest) -> float:
    """When this browser's language was chosen; a cookie that doesn't tell is the latest."""
    try:
        return int(request.COOKIES[_moment_cookie()])
    except (KeyError, ValueError):
        return float("inf")


def _of_browser(request: HttpRequest) -> str:
    """The first language of Accept-Language that the portal speaks; empty for none."""
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return ""


def remember(response: HttpResponse, language: str) -> None:
    """Let the browser keep the language, and that it was chosen now."""
    for name, value in (
        (settings.LANGUAGE_COOKIE_NAME, language),
        (_moment_cookie(), str(int(timezone.now().timestamp()))),
    ):
        response.set_cookie(
            name,
            value,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=cast(Any, settings.LANGUAGE_COOKIE_SAMESITE),
        )


def _moment_cookie() -> str:
    return f"{settings.LANGUAGE_COOKIE_NAME}_at"
