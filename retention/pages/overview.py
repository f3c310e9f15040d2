"""What waits, what is held, and how long data are kept: the ministry's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.pages import paginate
from retention import access
from retention.models import Sweep
from retention.pages.common import keeper
from retention.presentation import words


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Requests first, then holds, then the periods of all countries; `?part=over` for what was decided."""
    actor = keeper(request)
    over = request.GET.get("part") == "over"
    rows = access.erasures_over(actor) if over else access.erasures_to_decide(actor)
    page = paginate(rows, request.GET.get("page"))
    context = {
        "over": over,
        "page": page,
        "erasures": [words.erasure_row(row) for row in page.items],
        "holds": list(access.visible_holds(actor).select_related("country")[:50]),
        "periods": [words.period_row(row) for row in access.periods()],
        "country": actor.country,
        "sweep": Sweep.objects.order_by("-pk").first(),
    }
    return render(request, "retention/overview.html", context)
