"""Passkeys: the two ceremonies of WebAuthn, each a challenge and its answer, as JSON for `static/js/passkeys.js`.

The challenge waits in the session and counts once, whatever comes of it.
"""

from collections.abc import Callable
from functools import wraps
from json import JSONDecodeError, loads
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException

from core.accounts import factor_actions
from core.accounts.gate import before_second_factor
from core.accounts.refusals import actor_of, second_factor_failed
from core.accounts.second_factor import SecondFactorNeeded, ask_fresh_if_enrolled, enrolled, mark_verified
from core.accounts.sessions import end_others
from core.accounts.views.profile import account_of
from core.accounts.views.sign_in import went_through
from core.redirects import named_way_back

_ADDING, _SHOWING = "passkey_adding", "passkey_showing"
View = Callable[[HttpRequest], HttpResponse]


def _answers_json(view: View) -> View:
    """Whatever is wrong with a passkey is a sentence in JSON: the page's script shows it."""

    @before_second_factor
    @never_cache
    @require_POST
    @wraps(view)
    def run(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except SecondFactorNeeded as error:
            return JsonResponse({"message": str(error.message)}, status=403)
        except (OTPWebAuthnApiError, WebAuthnException, JSONDecodeError, KeyError, TypeError, ValueError):
            return JsonResponse(
                {"message": _("The passkey wasn’t taken. Try again, or use another method.")}, status=422
            )

    return run


@_answers_json
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    user = account_of(request)
    ask_fresh_if_enrolled(request)
    options, state = _helper(request).register_begin(user=user)
    request.session[_ADDING] = state
    return JsonResponse(options)


@_answers_json
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Take the passkey that the browser made, under the name that the person gave it."""
    user = account_of(request)
    ask_fresh_if_enrolled(request)
    state = request.session.pop(_ADDING)
    data = _content(request)
    if not factor_actions.has_room_for_passkey(user):
        raise ValueError("as many passkeys as an account may have")
    first = not enrolled(user)
    made = _helper(request).register_complete(user=user, state=state, data=data["credential"])
    name = str(data.get("name", "")).replace("\x00", "").strip() or _("Passkey")
    factor_actions.name_passkey(user=user, passkey=made, name=name, by=actor_of(user))
    mark_verified(request, "passkey")
    return JsonResponse({"to": _after_adding(request, user, first=first)})


@_answers_json
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """What the browser needs to show a passkey of this account."""
    options, state = _helper(request).authenticate_begin(
        user=account_of(request), require_user_verification=False
    )
    request.session[_SHOWING] = state
    return JsonResponse(options)


@_answers_json
def passkey_show(request: HttpRequest) -> HttpResponse:
    """Take the browser's answer; where to go on."""
    user = account_of(request)
    state = request.session.pop(_SHOWING)
    data = _content(request)
    try:
        passkey = _helper(request).authenticate_complete(user=user, state=state, data=data["credential"])
    except (OTPWebAuthnApiError, WebAuthnException):
        second_factor_failed(request, user)
        raise
    if not passkey.confirmed:
        raise ValueError("a passkey that is switched off")
    factor_actions.used_passkey(user=user, by=actor_of(user))
    response = went_through(request, user, "passkey")
    answer = JsonResponse({"to": response["Location"]})
    answer.cookies = response.cookies
    return answer


def _after_adding(request: HttpRequest, user: Any, *, first: bool) -> str:
    end_others(request, user)
    return (
        reverse("accounts:recovery_codes")
        if first
        else named_way_back(request) or reverse("accounts:security")
    )


def _content(request: HttpRequest) -> dict[str, Any]:
    found = loads(request.body)
    if not isinstance(found, dict):
        raise TypeError("an object is expected")
    return found


def _helper(request: HttpRequest) -> Any:
    return WebAuthnCredential.get_webauthn_helper(request=request)
