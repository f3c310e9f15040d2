"""Opening a case in an emergency without consent, the review of it, and the ministry's list of what waits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.second_factor import ask_fresh, ask_fresh_if_enrolled
from core.actors import Actor
from core.errors import Denied, IllegalTransition, Invalid, NotKnown
from core.kept.desk import fill, keeps_text
from core.pages import Page, paginate
from referrals import actions, emergency
from referrals.actions.emergency import why_not_open
from referrals.forms.emergency import OpenForm, ReviewForm
from referrals.models import EmergencyAccess
from referrals.pages.wanted import ministry
from referrals.presentation.case import Case
from referrals.presentation.emergency import access_rows, state_of
from referrals.reading import load_case, show_case


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def open_case(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Say what will happen, ask why and for how long, and open the case for this person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = load_case(Case, actor, referral_id)  # nothing of it is shown here but its number
    if (hindrance := why_not_open(actor, case.referral)) is not None:
        raise hindrance.error()
    if request.method == "POST":
        ask_fresh_if_enrolled(request)
    form = OpenForm(request.POST if request.method == "POST" else None)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.open_in_emergency(referral_id, by=actor, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("The case is open to you. The ministries and the patient are told."))
            return redirect("referrals:detail", referral_id)
    context = {"form": form, "referral": case.referral}
    return render(request, "referrals/emergency_open.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def review(request: HttpRequest, referral_id: UUID, access_id: int) -> HttpResponse:
    """Read why a case was opened, and say whether that was justified."""
    actor = ministry(request)
    case = load_case(Case, actor, referral_id)
    if not emergency.reviews(actor, case.referral):
        raise Denied(emergency.NOT_REVIEWER)
    opened = next((row for row in case.accesses if row.pk == access_id), None)
    if opened is None:
        raise NotKnown()
    if opened.reviewed_at is not None:
        raise IllegalTransition(_("This emergency access was reviewed already."), code="reviewed")
    if request.method == "POST":
        ask_fresh(request)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    fill(request, form)
    if form.is_bound and form.is_valid():
        try:
            actions.review_emergency_access(referral_id, by=actor, access_id=access_id, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(
                request, _("The review is recorded, and the hospitals and the patient are told.")
            )
            return redirect("referrals:detail", referral_id)
    show_case(case)
    (row,) = access_rows([opened], case.referral, actor, case.now)
    context = {"form": form, "case": case, "referral": case.referral, "row": row}
    return render(request, "referrals/emergency_review.html", context, status=422 if form.errors else 200)


@require_safe
def accesses(request: HttpRequest) -> HttpResponse:
    """What waits for the ministry's review, what is due first; `?part=reviewed` for what it found."""
    actor = ministry(request)
    done = request.GET.get("part") == "reviewed"
    rows = emergency.reviewed(actor) if done else emergency.to_review(actor)
    page: Page[EmergencyAccess] = paginate(rows, request.GET.get("page"))
    now = timezone.now()
    context: dict[str, Any] = {
        "done": done,
        "page": page,
        "rows": [
            {
                "number": row.referral.number,
                "referral_id": row.referral_id,
                "access_id": row.pk,
                "hospital": row.facility.name,
                "opened_at": row.opened_at,
                "due_at": row.review_due_at,
                "tag": state_of(row, now),
                "waits": row.reviewed_at is None,
            }
            for row in page.items
        ],
    }
    return render(request, "referrals/emergency_accesses.html", context)
