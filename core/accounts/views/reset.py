"""Taking away the second factor of somebody who has lost it: by an administrator who has made sure who asks."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts import factor_actions
from core.accounts.forms import ResetForm
from core.accounts.middleware import actor_of
from core.accounts.second_factor import ask_fresh
from core.errors import Denied, NotKnown
from core.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_reset(request: HttpRequest, number: int) -> HttpResponse:
    """Ask how the administrator made sure; then take all methods, end all sessions and tell the account's owner."""
    actor = actor_of(request)
    if not actor.has(Permission.ADMINISTER):
        raise Denied()
    user = factor_actions.account(number)
    if user is None or not import_string(settings.PERSON_ADMINISTRATOR)(actor, user):
        raise NotKnown()
    form = ResetForm(request.POST or None)
    if request.method == "POST":
        ask_fresh(request)
        if form.is_valid():
            factor_actions.reset(user=user, reason=form.cleaned_data["reason"], by=actor)
            messages.success(request, _("The second factor is removed. The person was told."))
            return redirect("web:home")
    context = {"form": form, "person": user, "own": user.pk == actor.user_id}
    return render(request, "accounts/second_factor_reset.html", context, status=422 if form.is_bound else 200)
