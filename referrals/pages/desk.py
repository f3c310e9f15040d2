"""The host desk's list: what was sent to this hospital, and what it has to do next."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.errors import Denied
from core.permissions import Permission
from core.searches import keep, recall
from referrals import queues
from referrals.forms.filters import SearchForm
from referrals.presentation.rows import rows_of
from referrals.reading import count_former, open_former, open_list

ELSEWHERE = "elsewhere"
LABELS = {
    "answer": gettext_lazy("Need an answer"),
    "preparation": gettext_lazy("In preparation"),
    "in_care": gettext_lazy("In care"),
    "over": pgettext_lazy("referrals", "Over"),
    ELSEWHERE: pgettext_lazy("referrals", "Went elsewhere"),
}
EMPTY = {
    "answer": gettext_lazy("No referral waits for your answer."),
    "preparation": gettext_lazy("No patient is expected."),
    "in_care": gettext_lazy("No referred patient is in your care."),
    "over": gettext_lazy("No referral is over yet."),
    ELSEWHERE: gettext_lazy("No referral went from your hospital to another one."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """What was sent to us: `?part=`, `?page=`; a search is posted and kept in the session."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.HOST):
        raise Denied(_("Only the desk of a host hospital sees this page."))
    part = request.GET.get("part", "answer")
    part = part if part in LABELS else "answer"
    token = request.GET.get("s", "")
    text = recall(request, token)
    form = SearchForm(request.POST or None, initial={"q": text})
    if request.method == "POST" and form.is_valid():
        return redirect(_address(part, keep(request, form.cleaned_data["q"])))
    rows = queues.desk_rows(actor, text)
    counts = {**queues.desk_counts(rows), ELSEWHERE: count_former(actor, text)}
    number = request.GET.get("page")
    page = (
        open_former(actor, text, number)
        if part == ELSEWHERE
        else open_list(actor, "referrals.desk", queues.desk_list(rows, part), number)
    )
    context = {
        "tabs": _tabs(part, token if text else "", counts),
        "counts": counts,
        "form": form,
        "clear_url": _address(part, "") if text else "",
        "rows": rows_of(page.items, actor, timezone.now()),
        "page": page,
        "empty_text": _("Nothing fits your search.") if text else EMPTY[part],
    }
    return render(request, "referrals/desk.html", context, status=422 if form.errors else 200)


def _address(part: str, token: str) -> str:
    search = f"&s={token}" if token else ""
    return f"{reverse('referrals:desk')}?part={part}{search}"


def _tabs(current: str, token: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "url": _address(part, token),
            "label": LABELS[part],
            "count": counts[part],
            "current": part == current,
        }
        for part in LABELS
    ]
