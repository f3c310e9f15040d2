"""How long data of a kind are kept in a country: every version, and a proposal that a second person approves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.second_factor import ask_fresh
from core.errors import Invalid
from core.kept.desk import fill, keeps_text
from retention import access, actions
from retention.forms import PeriodForm
from retention.pages.common import keeper
from retention.presentation import words


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def period(request: HttpRequest, period_id: int) -> HttpResponse:
    """All versions, and the form for another one where none waits."""
    actor = keeper(request)
    row = access.get_period(actor, period_id)
    if request.method == "POST":
        ask_fresh(request)
    form = PeriodForm(request.POST if request.method == "POST" else None, period=row)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.propose_period(by=actor, period_id=row.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The period is proposed. A second person approves it."))
            return redirect("retention:period", row.pk)
    versions = list(access.versions(row).select_related("country"))
    waiting = next((one for one in versions if one.approved_at is None and one.over_at is None), None)
    own = row.country_id == actor.country
    context = {
        "row": words.period_row(row),
        "versions": [words.period_row(one) for one in versions],
        "waiting": words.period_row(waiting) if waiting and own else None,
        "is_own": waiting is not None and waiting.made_by_id == actor.user_id,
        "form": form if own and waiting is None else None,
    }
    return render(request, "retention/period.html", context, status=422 if form.errors else 200)


@require_POST
def approve(request: HttpRequest, period_id: int) -> HttpResponse:
    """Let a proposal count."""
    actor = keeper(request)
    ask_fresh(request)
    actions.approve_period(by=actor, period_id=period_id)
    messages.success(request, _("The period counts from now on."))
    return redirect("retention:period", period_id)


@require_POST
def withdraw(request: HttpRequest, period_id: int) -> HttpResponse:
    """Drop a proposal."""
    actor = keeper(request)
    ask_fresh(request)
    actions.withdraw_period(by=actor, period_id=period_id)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("retention:period", period_id)
