"""The register of public-health alerts: everybody who reads the directory sees it, officers sign and end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import zones
from core.actors import Actor
from core.errors import Denied, Invalid, NotKnown
from core.forms import PortalForm
from core.kept.desk import fill, keeps_text
from core.permissions import Permission
from facilities import alerting
from facilities.actions import end_alert, sign_alert
from facilities.alerting import may_sign
from referrals.access import touched_by
from referrals.forms.alerts import AlertForm, EndAlertForm

MOST = 100


def _reader(request: HttpRequest) -> Actor:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.SEE_DIRECTORY):
        raise Denied()
    return actor


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The alerts in force or ahead, then those that are over, the latest first."""
    actor, today = _reader(request), zones.today()
    rows = {"ahead": alerting.ahead(today)[:MOST], "over": alerting.over(today)[:MOST]}
    context = {**rows, "signs": alerting.may_sign(actor), "today": today}
    return render(request, "referrals/alerts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def alert_new(request: HttpRequest) -> HttpResponse:
    """Sign an alert."""
    actor = _reader(request)
    if not may_sign(actor):
        raise Denied()
    form = AlertForm(request.POST if request.method == "POST" else None)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            made = sign_alert(by=actor, **form.arguments())
        except Invalid as error:
            _show(form, error)
        else:
            messages.success(request, _("The alert is signed. Referrals that it touches are checked again."))
            return redirect("referrals:alert", made.pk)
    return render(request, "referrals/alert_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One alert, with the cases under way that it touches for who sees them; its country's officers end it here."""
    actor = _reader(request)
    found = alerting.register().filter(pk=number).first()
    if found is None:
        raise NotKnown()
    over = found.ended_on is not None or found.until < zones.today()
    ends = may_sign(actor) and actor.country == found.country_id and not over
    if request.method == "POST" and not ends:
        raise Denied()
    form = EndAlertForm(request.POST if request.method == "POST" else None) if ends else None
    if form is not None:
        fill(request, form)
        if form.is_bound and form.is_valid():
            try:
                end_alert(alert_id=number, reason=form.cleaned_data["reason"], by=actor)
            except Invalid as error:
                _show(form, error)
            else:
                messages.success(
                    request, _("The alert is ended. Referrals that it touched are checked again.")
                )
                return redirect("referrals:alert", number)
    context: dict[str, Any] = {"alert": found, "over": over, "form": form, "cases": None}
    if may_sign(actor):
        context["cases"] = touched_by(found, actor)[:MOST]
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "referrals/alert.html", context, status=status)


def _show(form: PortalForm, error: Invalid) -> None:
    for name, texts in error.fields.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, str(text))
