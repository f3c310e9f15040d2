"""Placing and lifting a legal hold."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh
from core.errors import IllegalTransition, Invalid
from core.kept.desk import fill, keeps_text
from retention import access, actions
from retention.forms import HoldForm, LiftForm
from retention.pages.common import keeper


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def place(request: HttpRequest) -> HttpResponse:
    """Say of whose data nothing may be erased, and why."""
    actor = keeper(request)
    if request.method == "POST":
        ask_fresh(request)
    form = HoldForm(
        request.POST if request.method == "POST" else None,
        initial={"reference": request.GET.get("of", "")[:60]},
    )
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.place_hold(by=actor, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("Nothing of this patient’s data is erased until the hold is lifted."))
            return redirect("retention:overview")
    return render(request, "retention/hold.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Say why what was held may be erased again."""
    actor = keeper(request)
    row = access.get_hold(actor, hold_id)
    if row.lifted_at is not None:
        raise IllegalTransition(_("This hold was lifted already."), code="lifted")
    if request.method == "POST":
        ask_fresh(request)
    form = LiftForm(request.POST if request.method == "POST" else None)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.lift_hold(by=actor, hold_id=row.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The hold is lifted."))
            return redirect("retention:overview")
    context = {"form": form, "hold": row}
    return render(request, "retention/hold.html", context, status=422 if form.errors else 200)
