"""The ministry's list of cases, and the page on which a case is decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.searches import keep
from referrals import emergency, queues, wording
from referrals.forms.filters import DecisionFilterForm
from referrals.models import Referral
from referrals.pages.deciding import decide
from referrals.pages.wanted import is_narrowed, ministry, query_of, wanted_of
from referrals.presentation.rows import row_of
from referrals.queues import Wanted
from referrals.reading import open_list

__all__ = ["decide", "decisions"]

LABELS = {
    "to_decide": gettext_lazy("To decide"),
    "stopped": gettext_lazy("Clock stopped"),
    "elsewhere": gettext_lazy("With other bodies"),
    "declined": gettext_lazy("To re-route"),
    "emergencies": gettext_lazy("Emergencies to review"),
    "appeals": gettext_lazy("Appeals"),
    "with_hosts": gettext_lazy("With hosts"),
    "all": pgettext_lazy("every referral", "All"),
}
EMPTY = {
    "to_decide": gettext_lazy("No case waits for a decision."),
    "stopped": gettext_lazy("No clock is stopped: every question has been answered."),
    "elsewhere": gettext_lazy("No other body has a case to decide."),
    "declined": gettext_lazy("No referral has to find another hospital."),
    "emergencies": gettext_lazy("Every emergency has been reviewed."),
    "appeals": gettext_lazy("No appeal waits for an answer."),
    "with_hosts": gettext_lazy("No referral is with a host hospital."),
    "all": gettext_lazy("No referral leaves or enters the country yet."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: HttpRequest) -> HttpResponse:
    """All cases of the ministry: `?part=`, `?direction=`, `?priority=`, `?sort=`, `?page=`; a search is posted."""
    actor = ministry(request)
    wanted = wanted_of(request, actor)
    form = DecisionFilterForm(request.POST or None, country=actor.country, initial=_initial(wanted))
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('referrals:decisions')}?{_chosen(request, wanted, form.cleaned_data)}")
    rows = queues.decision_rows(actor, wanted)
    listed = queues.decision_list(rows, actor, wanted.part, wanted.sort)
    page = open_list(
        actor, "referrals.decisions", listed, request.GET.get("page"), adding=queues.with_outcomes
    )
    query, now = query_of(request, wanted), timezone.now()
    counts = queues.decision_counts(rows, actor)
    context = {
        "tabs": _tabs(request, wanted, counts),
        "counts": counts,
        "form": form,
        "clear_url": f"?part={wanted.part}" if is_narrowed(wanted) else "",
        "rows": [_row(referral, actor, now, query) for referral in page.items],
        "page": page,
        "to_review": emergency.to_review(actor).count(),
        "empty_text": _("Nothing fits this filter.") if is_narrowed(wanted) else EMPTY[wanted.part],
    }
    return render(request, "referrals/decisions.html", context, status=422 if form.errors else 200)


def _initial(wanted: Wanted) -> dict[str, str]:
    return {"q": wanted.text, "direction": wanted.direction, "priority": wanted.priority, "sort": wanted.sort}


def _chosen(request: HttpRequest, wanted: Wanted, data: dict[str, Any]) -> str:
    """The address's query for a filter that was just sent; its text stays in the session."""
    changes = {name: data[name] for name in ("direction", "priority")}
    changes["sort"] = "" if data["sort"] == "clock" else data["sort"]
    return query_of(request, wanted, **changes, s=keep(request, data["q"]))


def _tabs(request: HttpRequest, wanted: Wanted, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?{query_of(request, wanted, part=part)}",
            "label": LABELS[part],
            "count": counts.get(part),
            "current": part == wanted.part,
        }
        for part in queues.DECISION_PARTS
    ]


def _row(referral: Referral, actor: Actor, now: datetime, query: str) -> dict[str, Any]:
    """A list's row, with the rules in short; a decision's address keeps the filter."""
    row = row_of(referral, actor, now)
    outcomes: list[str] = referral.outcomes if row.patient else []  # type: ignore[attr-defined]
    url = row.next.url
    return {
        "row": row,
        "rules": wording.summary(outcomes) if outcomes else "",
        "rules_kind": "bad" if "fail" in outcomes else "warn" if "needs_review" in outcomes else "ok",
        "next_url": f"{url}?{query}" if url.endswith("/decide/") else url,
    }
