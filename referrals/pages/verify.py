"""The public page that says whether a certificate is valid: for a border, a hospital, anybody who holds the paper."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.throttle import Counter, attempt, succeeded
from core.addresses import client_address, neighbourhood
from documents import hcert
from referrals.forms.verify import VerifyForm
from referrals.issuing import code_of, shown_code
from referrals.presentation import verify as words
from referrals.reading.papers import check_code
from trust import keys

View = Callable[..., HttpResponse]


def _unlisted(view: View) -> View:
    """Kept by no cache and found by no search engine."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(run)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_unlisted
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code, or paste what a reader of QR codes shows."""
    form = VerifyForm(request.POST if request.method == "POST" else None)
    if not (form.is_bound and form.is_valid()):
        return _form(request, form)
    text = form.cleaned_data["text"]
    if code := code_of(text):
        return redirect("verify:one", shown_code(code))
    attempt([_guesses(request)])
    try:
        found = keys.look_at(text)
    except hcert.Malformed:
        form.add_error("text", _("This is neither a certificate’s code nor the text of its QR code."))
        return _form(request, form)
    if found.genuine != keys.Genuine.YES:
        return _answer(request, words.panel(found.genuine, timezone.now()))
    succeeded([_guesses(request)])
    return redirect("verify:one", str(found.content.get("code", "")) or "-")


@login_not_required
@require_safe
@_unlisted
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Where the certificate of that code stands now. Guessing is made slow, and each look is counted."""
    kept, place = code_of(code), _place(request)
    attempt([_guesses(request), Counter("certificate", (kept, place), free=30, longest=60)])
    found = check_code(kept, count=request.method == "GET")
    if found is None:
        return _answer(request, words.panel(words.UNKNOWN, timezone.now()), status=404)
    succeeded([_guesses(request)])
    return _answer(request, words.panel(found.standing, timezone.now(), found))


def _guesses(request: HttpRequest) -> Counter:
    """What is counted of codes that no certificate has."""
    return Counter("certificate place", (_place(request),), free=30, longest=60)


def _place(request: HttpRequest) -> str:
    return neighbourhood(client_address(request))


def _answer(request: HttpRequest, panel: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "referrals/verified.html", {"panel": panel}, status=status)


def _form(request: HttpRequest, form: VerifyForm) -> HttpResponse:
    return render(request, "referrals/verify.html", {"form": form}, status=422 if form.is_bound else 200)
