"""How one's own account is kept: the second factor's methods, recovery codes, and where one is signed in."""

import time
from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts import actions, factor_actions
from core.accounts.agents import browser_words
from core.accounts.forms import NewAuthenticatorForm
from core.accounts.gate import before_second_factor
from core.accounts.models import Authenticator, User
from core.accounts.models.factors import accepted_step, as_text, plain
from core.accounts.refusals import actor_of
from core.accounts.second_factor import (
    ask_fresh_if_enrolled,
    enrolled,
    mark_verified,
    recovery_codes_left,
    required,
    verified,
)
from core.accounts.sessions import end_others, is_here
from core.accounts.views.profile import account_of
from core.errors import Invalid, NotKnown
from core.redirects import named_way_back
from core.seal import seal, unseal

_PURPOSE = "core.accounts.new_authenticator"
_OPEN = 3600
"""Seconds for which a secret that is shown may be confirmed."""


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The methods with their last use, the recovery codes that are left, and the sessions."""
    user = account_of(request)
    rows = [
        {"row": row, "here": is_here(request, row), "browser": browser_words(row.agent)}
        for row in user.sessions.filter(started_at__isnull=False).order_by("-seen_at", "pk")[:50]
    ]
    context = {
        "methods": factor_actions.methods_of(user),
        "codes": recovery_codes_left(user),
        "required": required(user),
        "rows": sorted(rows, key=lambda row: not row["here"]),
    }
    return render(request, "accounts/security.html", context)


@before_second_factor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authenticator_new(request: HttpRequest) -> HttpResponse:
    """Set up an app: its secret as a picture and as text, then the code that it shows."""
    user = account_of(request)
    ask_fresh_if_enrolled(request)
    form = NewAuthenticatorForm(request.POST or None)
    secret = _secret_of(request.POST.get("secret", ""), user) if form.is_bound else None
    if secret is None:
        stale = form.is_bound
        secret = Authenticator.new_secret()
        sealed = seal({"user": user.pk, "secret": secret.hex(), "at": int(time.time())}, _PURPOSE).decode()
        form = NewAuthenticatorForm(initial={"secret": sealed, "name": request.POST.get("name", "")[:64]})
        if stale:
            messages.warning(
                request, _("This page was open for too long. Set the app up with the new picture.")
            )
        return _setup(request, user, form, secret, status=422 if stale else 200)
    if form.is_valid():
        step = accepted_step(secret, plain(form.cleaned_data["code"]))
        if step is None:
            form.add_error(
                "code", _("This isn’t the code that the app shows now. Check the telephone’s clock.")
            )
        else:
            return _added(request, user, form, secret, step)
    return _setup(request, user, form, secret, status=422)


def _added(
    request: HttpRequest, user: User, form: NewAuthenticatorForm, secret: bytes, step: int
) -> HttpResponse:
    try:
        factor_actions.add_authenticator(
            user=user, name=form.cleaned_data["name"], secret=secret, step=step, by=actor_of(user)
        )
    except Invalid as error:
        form.add_error(None, [str(text) for texts in error.fields.values() for text in texts])
        return _setup(request, user, form, secret, status=422)
    return method_added(request, user, "app")


def method_added(request: HttpRequest, user: User, by: str) -> HttpResponse:
    """The session has shown the new method; other sessions end, and the first method brings recovery codes."""
    mark_verified(request, by)
    end_others(request, user)
    messages.success(request, _("The second factor is set up. From now on you sign in with it."))
    if recovery_codes_left(user) == 0:
        return _codes(request, factor_actions.new_recovery_codes(user=user, by=actor_of(user)))
    return redirect(named_way_back(request) or "accounts:security")


def _secret_of(sealed: str, user: User) -> bytes | None:
    """The secret that this page showed to this person a short while ago; None for anything else."""
    found = unseal(sealed.encode(), _PURPOSE)
    if not isinstance(found, dict) or found["user"] != user.pk or time.time() - found["at"] > _OPEN:
        return None
    return bytes.fromhex(found["secret"])


def _setup(
    request: HttpRequest, user: User, form: NewAuthenticatorForm, secret: bytes, *, status: int
) -> HttpResponse:
    text = as_text(secret)
    issuer = settings.OTP_WEBAUTHN_RP_NAME
    values = f"secret={text}&issuer={quote(issuer)}&algorithm=SHA1&digits=6&period=30"
    uri = f"otpauth://totp/{quote(issuer)}:{quote(user.get_username())}?{values}"
    context = {
        "form": form,
        "secret": " ".join(text[at : at + 4] for at in range(0, len(text), 4)),
        "picture": _picture(uri),
        "next": named_way_back(request),
        "must": required(user) and not verified(request),
        "first": not enrolled(user),
    }
    return render(request, "accounts/authenticator_new.html", context, status=status)


def _picture(uri: str) -> SafeString:
    """The QR code as SVG; drawn here, so that no other host sees the secret."""
    svg = segno.make(uri, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", omitsize=False
    )
    return mark_safe(svg)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, after asking, and show them: once, on the answer."""
    user = account_of(request)
    if not enrolled(user):
        return redirect("accounts:second_factor_new")
    ask_fresh_if_enrolled(request)
    if request.method == "POST":
        return _codes(request, factor_actions.new_recovery_codes(user=user, by=actor_of(user)))
    return render(request, "accounts/recovery_codes.html", {"left": recovery_codes_left(user)})


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(
        request, "accounts/recovery_codes_new.html", {"codes": codes, "next": named_way_back(request)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def method_remove(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Take a method away, after asking."""
    user = account_of(request)
    methods = factor_actions.methods_of(user)
    method = next((one for one in methods if (one.kind, one.pk) == (kind, number)), None)
    if method is None:
        raise NotKnown(_("This method isn’t there any more."))
    ask_fresh_if_enrolled(request)
    if request.method == "POST":
        factor_actions.remove_method(user=user, kind=kind, pk=number, by=actor_of(user))
        messages.success(request, _("The method is removed."))
        return redirect("accounts:security")
    context = {"method": method, "last": len(methods) == 1, "required": required(user)}
    return render(request, "accounts/method_remove.html", context)


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End one session of the account, all others, or all."""
    user = account_of(request)
    which: Any = request.POST.get("which", "")
    if which == "all":
        actions.sign_out_everywhere(user=user, by=actor_of(user))
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)
    if which == "others":
        end_others(request, user)
        messages.success(request, _("You are signed out everywhere else."))
    elif actions.end_session(user=user, number=which[:40].replace("\x00", ""), by=actor_of(user)):
        messages.success(request, _("That place is signed out."))
    else:
        messages.info(request, _("That place was signed out already."))
    return redirect("accounts:security")
