"""The pages behind a link of an e-mail: whoever holds it sets the password of the account, once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts import links
from core.accounts.forms import FirstPasswordForm
from core.accounts.language import remember
from core.accounts.models import PasswordLink
from core.accounts.refusals import actor_of
from core.errors import NotKnown

_KEY = "password_link"


@login_not_required
@require_safe
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """Take the link out of the address, where a history or a neighbour would see it, and go on without it."""
    found = links.id_of(request.GET.get("t", ""))
    if found is None or links.usable(found) is None:
        return _over(request)
    request.session[_KEY] = str(found)
    return redirect("accounts:link_password")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link_password(request: HttpRequest) -> HttpResponse:
    """Choose the password and the language; then sign in with it."""
    key = request.session.get(_KEY)
    found = links.usable(UUID(key)) if key else None
    if found is None:
        return _over(request)
    user = found.user
    form = FirstPasswordForm(
        user, request.POST or None, initial={"preferred_language": user.preferred_language}
    )
    if form.is_valid():
        return _set(request, found, form.cleaned_data)
    context = {"form": form, "person": user, "first": found.purpose == PasswordLink.Purpose.INVITATION}
    return render(request, "accounts/link.html", context, status=422 if form.is_bound else 200)


def _set(request: HttpRequest, found: PasswordLink, given: dict[str, Any]) -> HttpResponse:
    language = given["preferred_language"]
    try:
        links.use_link(
            link_id=found.pk, password=given["new_password1"], language=language, by=actor_of(found.user)
        )
    except NotKnown:
        return _over(request)
    logout(request)  # whoever was signed in at this browser: the next to sign in is the account's owner
    with translation.override(language):
        messages.success(request, _("The password is set. Sign in with it."))
    response = redirect("accounts:sign_in")
    remember(response, language)
    return response


def _over(request: HttpRequest) -> HttpResponse:
    """One answer for a link that is unknown, used, replaced or over."""
    return render(request, "accounts/link_over.html", status=404)
