"""Signing out, one's own profile, and the language of the pages."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from core.accounts import actions, refusals, throttle
from core.accounts.forms import PasswordForm, PlaceForm
from core.accounts.gate import before_second_factor
from core.accounts.language import remember
from core.accounts.models import User
from core.accounts.refusals import actor_of
from core.accounts.second_factor import ask_fresh_if_enrolled
from core.accounts.sessions import end_others
from core.redirects import named_way_back


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep a language in this browser; everybody may, before signing in too."""
    response = set_language(request)
    if "next" in request.POST:  # else it goes back to the page that the browser names, on this host
        response["Location"] = named_way_back(request) or "/"
    if chosen := response.cookies.get(settings.LANGUAGE_COOKIE_NAME):
        remember(response, chosen.value)
    return response


def account_of(request: HttpRequest) -> User:
    """The account of a request that only somebody signed in can make."""
    return cast(User, request.user)


@method_decorator(before_second_factor, name="dispatch")
class SignOut(LogoutView):
    """Ends the session, by POST only."""

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return named_way_back(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            user = account_of(request)
            actions.signed_out(user=user, by=actor_of(user))
        return super().post(request, *args, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is to the portal, and the language it speaks to one."""
    user = account_of(request)
    initial = {"preferred_language": user.preferred_language, "time_zone": user.time_zone}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        language, zone = form.cleaned_data["preferred_language"], form.cleaned_data["time_zone"]
        actions.choose_language(user=user, language=language, by=actor_of(user))
        if zone != user.time_zone:
            actions.choose_time_zone(user=user, zone=zone, by=actor_of(user))
        with translation.override(language):
            messages.success(request, _("The portal now speaks and writes to you in this language."))
        response = redirect("accounts:profile")
        remember(response, language)
        return response
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; this session goes on, others of the account end."""
    user = account_of(request)
    form = PasswordForm(user, request.POST or None)
    status = 200
    if request.method == "POST":
        ask_fresh_if_enrolled(request)
        counters = throttle.own_password_counters(user.pk)
        try:
            throttle.attempt(counters)
        except throttle.TooMany as error:
            return _wait(request, PasswordForm(user), error)
        status = 422
        if form.is_valid():
            _change(request, user, form.cleaned_data["new_password1"])
            throttle.succeeded(counters)
            return redirect("accounts:profile")
        if "old_password" in form.errors:
            refusals.password_guessed(request, user)
        else:
            throttle.succeeded(counters)
    return render(request, "accounts/password.html", {"form": form}, status=status)


def _change(request: HttpRequest, user: User, new: str) -> None:
    actions.change_password(user=user, password=new, by=actor_of(user))
    update_session_auth_hash(request, user)
    end_others(request, user)
    messages.success(
        request, _("The password is changed. Other places where you were signed in are signed out.")
    )


def _wait(request: HttpRequest, form: PasswordForm, error: throttle.TooMany) -> HttpResponse:
    context = {"form": form, "wait": error.message}
    answer = render(request, "accounts/password.html", context, status=429)
    answer["Retry-After"] = str(error.seconds)
    return answer
