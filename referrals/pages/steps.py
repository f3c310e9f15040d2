"""One page for every step that a person can take on a referral."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh
from core.actors import Actor
from core.errors import Invalid, NotKnown, Stale
from core.kept.compare import typed_rows
from core.kept.desk import Kept, fill, hold, keeps_text
from core.permissions import Permission
from core.road import NO_PARTY, Hindrance
from referrals import guards
from referrals.events import WITH_PAGE, part
from referrals.events.record import Event, Page
from referrals.forms.steps import StepForm
from referrals.models import Referral, StatusChange
from referrals.pages.step_rows import Rows, case_rows, stands_now
from referrals.presentation.actions import links
from referrals.presentation.case import Case
from referrals.presentation.history import Happened, history
from referrals.reading import load_case, show_case


@dataclass(frozen=True, slots=True)
class StepPage:
    """An event's page with the parts that its record names. `rows` give what stands beside the form."""

    page: Page
    form: type[StepForm]
    action: Callable[..., Referral]
    rows: Callable[[Case], Rows] | None


def _step_page(event: Event) -> StepPage:
    """Raises ImproperlyConfigured for a part that doesn't exist, when this module is imported."""
    page = event.page
    assert page is not None
    return StepPage(
        page,
        part(event, "referrals.forms", page.form),
        part(event, "referrals.actions", event.action),
        part(event, "referrals.pages.step_rows", page.reading.rows) if page.reading else None,
    )


PAGES = {event.name: _step_page(event) for event in WITH_PAGE}


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def step(request: HttpRequest, referral_id: UUID, event: str) -> HttpResponse:
    """Explain a step, ask what it needs, take it; then back to the referral."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    step_page = PAGES.get(event)
    if step_page is None:
        raise NotKnown()
    case = load_case(Case, actor, referral_id)
    referral = case.referral
    hindrance = guards.why_not(actor, referral, event)
    if hindrance is NO_PARTY:
        raise hindrance.error()
    done = taken_before(referral, actor, event, request.POST.get("version", ""))
    if done is not None:
        return calm_answer(request, referral, done)
    if hindrance is not None:
        return not_now(request, case, event, hindrance)
    if request.method == "POST" and (actor.has(Permission.DECIDE) or actor.has(Permission.APPROVE)):
        ask_fresh(request)
    form = step_page.form.of(
        request.POST if request.method == "POST" else None, actor=actor, referral=referral
    )
    fill(request, form)
    status = take_step(form, step_page.action, by=actor) if form.is_bound else 200
    if status == 303:
        messages.success(request, str(step_page.page.done))
        return redirect("referrals:detail", referral.pk)
    return show(request, case, event, form, status)


def take_step(form: StepForm, action: Callable[..., Referral], *, by: Actor) -> int:
    """Take the step with a bound form: 303 when it is taken, else 422 or 412 with the reasons in the form."""
    if not form.is_valid():
        return 422
    try:
        action(form.referral.pk, by=by, version=form.cleaned_data["version"], **form.terms())
    except Invalid as error:
        form.take(error)
        return 422
    except Stale as error:
        read_again(form, error)
        return 412
    return 303


def read_again(form: StepForm, error: Stale) -> None:
    """Keep what was typed and let the person send it once more, now that they know of the change."""
    form.add_error(None, error.message)  # type: ignore[arg-type]
    assert isinstance(form.data, QueryDict), "a step is taken by a post"
    fresh = form.data.copy()
    fresh["version"] = str(form.referral.version)
    form.data = fresh


def taken_before(referral: Referral, actor: Actor, event: str, version: str) -> StatusChange | None:
    """The same step by the same person since the version that the form carries: a second click, not a second step.

    Each row of the history raises the version by one, so the rows since a version can be counted off.
    """
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return None
    since = referral.version - int(version)
    if not 0 < since <= 20 or actor.user_id is None:
        return None
    rows = referral.status_changes.order_by("-id")[:since]
    return next((row for row in rows if row.event == event and row.by_user_id == actor.user_id), None)


def calm_answer(request: HttpRequest, referral: Referral, done: StatusChange) -> HttpResponse:
    """Say that the first click counted, and show the referral."""
    at = time_format(localtime(done.at), "TIME_FORMAT")
    tell_of_held(request)
    messages.info(
        request, _("You have taken this step at %(time)s. The second click changed nothing.") % {"time": at}
    )
    return redirect("referrals:detail", referral.pk)


def tell_of_held(request: HttpRequest) -> None:
    """Say that another text than the one that counted is kept, for a step taken before from another window."""
    if hold(request):
        messages.warning(
            request, _("What you typed in this window is another text. It is kept for you alone.")
        )


def not_now(request: HttpRequest, case: Case, event: str, hindrance: Hindrance) -> HttpResponse:
    """403 where it is this person; else 409 with what is possible instead."""
    error = guards.refusal(hindrance, case.actor, case.referral)
    if hindrance.denied:
        raise error
    form, find = PAGES[event].form, PAGES[event].rows
    typed = typed_text(request)
    context = {
        **frame(case),
        "title": PAGES[event].page.title,
        "error": error,
        "actions": links(case.actor, case.referral),
        "typed": typed_rows(form.of(None, actor=case.actor, referral=case.referral), typed) if typed else [],
        "now": [*(find(case) if find and case.clinical else []), *stands_now(case)] if typed else [],
    }
    return render(request, "referrals/step_not_now.html", context, status=error.status)


def show(request: HttpRequest, case: Case, event: str, form: StepForm, status: int) -> HttpResponse:
    """The step's page."""
    page, find = PAGES[event].page, PAGES[event].rows
    rows = find(case) if find and case.clinical else []
    context = {
        **frame(case),
        "page": page,
        "form": form,
        "brief": case_rows(case),
        "reading": {"title": page.reading.title, "rows": rows} if page.reading and rows else None,
        "changes": changes_since(request, case, form),
    }
    return render(request, "referrals/step.html", context, status=status)


def typed_text(request: HttpRequest) -> QueryDict | None:
    """What the person typed here: just now, or before, and it was kept."""
    kept: Kept | None = getattr(request, "kept", None)
    return request.POST if request.method == "POST" else kept.text if kept is not None else None


def changes_since(request: HttpRequest, case: Case, form: StepForm) -> list[Happened]:
    """What happened to the case since the version on which the text in the form was typed; mostly nothing.

    Each row of the history raises the version by one, so those since a version can be counted off.
    """
    text = typed_text(request)
    version = (text.get("kept_version") or text.get("version", "")) if text else ""
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return []
    since = case.referral.version - int(version)
    return (
        history(case.changes[-since:], reasons=lambda _one: case.clinical)
        if 0 < since <= len(case.changes)
        else []
    )


def frame(case: Case) -> dict[str, Any]:
    """What every step's page carries. It is shown, then."""
    show_case(case)
    url = reverse("referrals:detail", args=[case.referral.pk])
    return {"case": case, "referral": case.referral, "detail_url": url}
