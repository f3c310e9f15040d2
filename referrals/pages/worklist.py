"""The clinician's worklist, where they land after signing in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from core.errors import Denied
from core.outbox.inbox import newest_unread
from core.permissions import Permission
from core.searches import keep, recall
from referrals import worklist as lists
from referrals.forms.filters import SearchForm
from referrals.presentation.rows import rows_of
from referrals.presentation.worklist import news
from referrals.reading import open_list

MOST_NEWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def worklist(request: HttpRequest) -> HttpResponse:
    """What needs me, what waits for others, what is over: `?tab=`, `?page=`; a search is posted and kept."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.FILE_REFERRALS):
        raise Denied(_("Only the clinicians of a facility have a list of referrals that they filed."))
    now = timezone.now()
    tab = request.GET.get("tab", lists.MINE)
    tab = tab if tab in lists.TABS else lists.MINE
    token = request.GET.get("s", "")
    text = recall(request, token)
    form = SearchForm(request.POST or None, initial={"q": text})
    if request.method == "POST" and form.is_valid():
        return redirect(_address(tab, keep(request, form.cleaned_data["q"])))
    counts = lists.counts(lists.found(actor, ""), now)
    listed = lists.under(tab, lists.found(actor, text), now)
    page = open_list(actor, "referrals.worklist", listed, request.GET.get("page"))
    context = {
        "start_url": reverse("referrals:start"),
        "counts": counts,
        "tabs": _tabs(tab, token if text else "", counts),
        "form": form,
        "clear_url": _address(tab, "") if text else "",
        "rows": rows_of(page.items, actor, now),
        "page": page,
        "news": news(newest_unread(actor, MOST_NEWS)),
        **_empty(tab, text, counts),
    }
    return render(request, "referrals/worklist.html", context, status=422 if form.errors else 200)


def _address(tab: str, token: str) -> str:
    search = f"&s={token}" if token else ""
    return f"{reverse('referrals:worklist')}?tab={tab}{search}"


def _tabs(current: str, token: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    labels = {
        lists.MINE: _("Need me"),
        lists.OTHERS: _("With others"),
        lists.OVER: pgettext("referrals", "Over"),
    }
    return [
        {
            "url": _address(name, token),
            "label": labels[name],
            "count": counts[name],
            "current": name == current,
        }
        for name in lists.TABS
    ]


def _empty(tab: str, text: str, counts: Mapping[str, int]) -> dict[str, str]:
    """What to say, and what to do, where the list has no rows."""
    if text:
        return {
            "empty_text": _("No referral in this part of the list fits “%(text)s”.") % {"text": text},
            "empty_url": f"?tab={tab}",
            "empty_link": _("Show all of them"),
        }
    if tab == lists.MINE and not any(counts.values()):
        return {
            "empty_text": _(
                "Your hospital hasn’t filed any referral yet. Find the patient first, then file a referral from "
                "the patient’s page."
            ),
            "empty_url": reverse("patients:find"),
            "empty_link": _("Find or register a patient"),
        }
    texts = {
        lists.MINE: _(
            "Nothing needs you now. Referrals that wait for others stand in the next part of the list."
        ),
        lists.OTHERS: _("No referral waits for the ministry or for a host hospital."),
        lists.OVER: _("No referral is over yet."),
    }
    links = {
        lists.MINE: ("?tab=others", _("See what waits for others")),
        lists.OTHERS: ("?tab=mine", _("See what needs you")),
        lists.OVER: ("?tab=mine", _("See what needs you")),
    }
    return {"empty_text": texts[tab], "empty_url": links[tab][0], "empty_link": links[tab][1]}
