"""A referral's page, for everybody who follows it, and the check that happens on it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.actors import Actor
from referrals.actions.emergency import why_not_open
from referrals.pages.own_number import own_number_panel
from referrals.presentation import filing_pages
from referrals.presentation.actions import links
from referrals.presentation.case import Case, home_of
from referrals.presentation.check import pending_sentence
from referrals.presentation.checks import check_rows
from referrals.presentation.emergency import access_rows
from referrals.presentation.now import now_panel
from referrals.presentation.papers import print_links
from referrals.presentation.untold import tells_patient, untold_panel
from referrals.reading import load_case, show_case
from referrals.reading.papers import checks_of, papers_of
from referrals.states import ReferralState
from referrals.undelivered import untold

#: How often the page loads itself anew without a script while the check is awaited; then a link remains.
LOOKS = 10


@require_safe
def detail(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral: the route, what comes next, the rules, the case, where it is. A draft opens where it was left."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = load_case(Case, actor, referral_id)
    if case.referral.state == ReferralState.DRAFT:
        return redirect("referrals:file_page", referral_id, filing_pages.first_open(case.referral))
    return render(request, "referrals/detail.html", page_of(case) | {"next_look": next_look(request, case)})


def next_look(request: HttpRequest, case: Case) -> int:
    """The how-manieth time a browser without a script may load the page by itself; 0 where it must not.

    A page that goes on reloading takes a person's place of reading away for ever (WCAG 2.2.1).
    """
    looked = request.GET.get("look", "0")
    times = int(looked) if looked.isascii() and looked.isdigit() and len(looked) < 3 else LOOKS
    return times + 1 if case.check_pending and times < LOOKS else 0


def page_of(case: Case) -> dict[str, Any]:
    """What the page shows of the case."""
    show_case(case)
    now = now_panel(case)
    back_url, back_text = home_of(case.actor)
    return {
        "case": case,
        "referral": case.referral,
        "back_url": back_url,
        "back_text": back_text,
        "route": case.route(),
        "now": now,
        "contradiction": case.contradiction(),
        "untold": untold_panel(case, untold(case.referral) if tells_patient(case) else []),
        "pending": _pending(case) if case.check_pending else None,
        "sentence": pending_sentence(case.referral, case.now),
        "check": None if case.check_pending else case.check_panel(),
        "need": case.need_rows(),
        "evidence": case.evidence_rows(),
        "rounds": case.rounds(),
        "person": case.patient_rows(),
        **own_number_panel(case.actor, case.referral),
        "authorisation": case.authorisation_rows(),
        "papers": print_links(papers_of(case), case),
        "checks": check_rows(checks_of(case)),
        "chain": case.chain(),
        "appointment": case.appointment_rows(),
        "summary": case.summary_rows(),
        "law": case.law(),
        "history": case.history(),
        "accesses": access_rows(case.accesses, case.referral, case.actor, case.now),
        "may_open": not case.clinical and why_not_open(case.actor, case.referral) is None,
        "steps": case.timeline(),
        "clock": case.clock(),
        "actions": links(case.actor, case, without=now.events if now else ()),
    }


def _pending(case: Case) -> dict[str, Any]:
    """The check that is under way: its heading, and where a script asks how it goes on."""
    return {
        "title": _("The rules are being checked"),
        "url": reverse("referrals:check_fragment", args=[case.referral.pk]),
    }


@require_safe
def check_fragment(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """How the check stands, alone; the header X-Poll tells a script to load the whole page once it is done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = load_case(Case, actor, referral_id)  # nothing of it is shown but how the check stands
    if not case.check_pending:
        response = render(request, "referrals/_check_pending.html", {"sentence": _("The check is done.")})
        response["X-Poll"] = "reload"
        return response
    return render(
        request,
        "referrals/_check_pending.html",
        {"sentence": pending_sentence(case.referral, case.now)},
    )
