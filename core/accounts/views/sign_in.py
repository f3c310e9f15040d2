"""The first step of signing in, the password, and the second, a code or a passkey."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts import actions, factor_actions, throttle
from core.accounts.devices import known_device, remember_device
from core.accounts.forms import CodeForm, SignInForm
from core.accounts.gate import before_second_factor
from core.accounts.language import at_sign_in, remember
from core.accounts.models import User
from core.accounts.refusals import actor_of, second_factor_failed
from core.accounts.second_factor import SETUP, enrolled, mark_verified, recovery_codes_left, verified
from core.accounts.sessions import begin
from core.accounts.views.profile import account_of
from core.addresses import client_address, neighbourhood
from core.redirects import named_way_back


class SignIn(LoginView):
    """User name and password. Who has a second factor shows it next; wrong ones wait (core.accounts.throttle)."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        return named_way_back(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except throttle.TooMany as error:
            typed = {"username": request.POST.get("username", "").replace("\x00", "")[:150]}
            form = SignInForm(request, initial=typed)
            answer = self.render_to_response(self.get_context_data(form=form, wait=error.message))
            answer.status_code = error.status
            answer["Retry-After"] = str(error.seconds)
            return answer

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = account_of(self.request)
        second = enrolled(user)
        begin(self.request, second=second)
        remember(response, at_sign_in(self.request, user))
        if not second:
            remember_device(self.request, response, user.get_username())
        actions.signed_in(user=user, by=actor_of(user))
        return response


@before_second_factor
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Show a second factor: after the password, and again before what matters most."""
    user = account_of(request)
    if not enrolled(user):
        return redirect(SETUP)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        counters = throttle.second_step_counters(
            user_id=user.pk,
            place=neighbourhood(client_address(request)),
            device=known_device(request, user.get_username()),
        )
        try:
            throttle.attempt(counters)
        except throttle.TooMany as error:
            answer = _page(request, user, CodeForm(), status=error.status, wait=error.message)
            answer["Retry-After"] = str(error.seconds)
            return answer
        by = factor_actions.show_code(user=user, code=form.cleaned_data["code"], by=actor_of(user))
        if by:
            throttle.succeeded(counters)
            return went_through(request, user, by)
        second_factor_failed(request, user)
        form.add_error(
            "code", _("This code is wrong, too old, or was used before. Type the one that is shown now.")
        )
    return _page(request, user, form, status=422 if form.is_bound else 200)


def went_through(request: HttpRequest, user: User, by: str) -> HttpResponse:
    """On to where the person was going, with a session that has shown its second factor."""
    mark_verified(request, by)
    response = redirect(named_way_back(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
    remember_device(request, response, user.get_username())
    return response


def _page(request: HttpRequest, user: User, form: CodeForm, *, status: int, wait: Any = "") -> HttpResponse:
    methods = {method.kind for method in factor_actions.methods_of(user)}
    context = {
        "form": form,
        "wait": wait,
        "next": named_way_back(request),
        "again": verified(request),
        "passkeys": "passkey" in methods,
        "has_codes": recovery_codes_left(user) > 0,
    }
    return render(request, "accounts/second_step.html", context, status=status)
