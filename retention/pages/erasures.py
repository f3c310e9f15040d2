"""The ministry decides on one erasure, with what would go and what would stay before its eyes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh
from core.errors import Invalid
from core.kept.desk import fill, keeps_text
from retention import access, actions
from retention.due import plan_of
from retention.forms import DecideForm
from retention.models import Origin, State
from retention.pages.common import keeper
from retention.presentation import words


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def decide(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Nobody is named here: whoever decides needs to know what is asked and what stands against it, not of whom."""
    actor = keeper(request)
    row = access.get_erasure(actor, erasure_id)
    if request.method == "POST":
        ask_fresh(request)
    form = DecideForm(request.POST if request.method == "POST" else None)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.decide_erasure(by=actor, erasure_id=row.pk, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The decision is recorded, and the hospital is told."))
            return redirect("retention:overview")
    waits = row.state == State.WAITING
    plan = plan_of(row.record_id, timezone.now(), on_request=row.origin == Origin.REQUEST) if waits else None
    context = {
        "row": words.erasure_row(row),
        "form": form if waits else None,
        "goes": words.goes(plan) if plan else [],
        "stays": words.stays(plan) if plan else [],
        "plan": plan,
    }
    return render(request, "retention/erasure.html", context, status=422 if form.errors else 200)
