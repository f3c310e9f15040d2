"""Look-ups that were locked because too many found nobody, for those who may unlock them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.middleware import actor_of
from core.errors import Invalid
from core.kept.desk import fill, keeps_text
from patients import actions, budget
from patients.forms import UnlockForm
from patients.views.common import status_of


@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """Everything that is locked and that the reader may unlock, the latest first."""
    rows = budget.visible_budgets(actor_of(request)).filter(locked_at__isnull=False)
    return render(request, "patients/locked_lookups.html", {"rows": rows.order_by("-locked_at", "-pk")[:200]})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def unlock(request: HttpRequest, budget_id: int) -> HttpResponse:
    """Who it is about and how often they asked in vain; a reason lets them go on."""
    actor = actor_of(request)
    row = budget.get_locked(actor, budget_id)
    form = UnlockForm(request.POST if request.method == "POST" else None, actor=actor)
    fill(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unlock_lookups(by=actor, budget_id=row.pk, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The look-ups are unlocked."))
            return redirect("patients:locked_lookups")
    return render(request, "patients/unlock_lookups.html", {"row": row, "form": form}, status=status_of(form))
