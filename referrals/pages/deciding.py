"""The page on which an officer reads a case and decides it; from there on to the next case of the list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.accounts.second_factor import ask_fresh
from core.errors import Text
from core.kept.compare import typed_rows
from core.kept.desk import fill, keeps_text
from core.permissions import Permission
from core.road import Hindrance
from referrals import guards, queues
from referrals.bodies import has_it
from referrals.events import BY_NAME, part
from referrals.forms.decision import (
    AppealChoice,
    AppealDecisionForm,
    Choice,
    DecisionForm,
    SignChoice,
    SignForm,
)
from referrals.forms.steps import StepForm
from referrals.models import Referral
from referrals.pages.step_rows import stands_now
from referrals.pages.steps import changes_since, take_step, taken_before, tell_of_held, typed_text
from referrals.pages.wanted import ministry, query_of, wanted_of
from referrals.presentation.actions import DECIDE, links
from referrals.presentation.case import Case
from referrals.queues import Place
from referrals.reading import load_case, show_case
from referrals.states import AuthorisationEvent, AuthorisationState, Guard, ReferralState

#: What can be chosen on this page: each event that says what the page tells afterwards, with its action.
ACTIONS: dict[str, Callable[..., Referral]] = {
    event.name: part(event, "referrals.actions", event.action)
    for event in BY_NAME.values()
    if event.decided is not None
}
assert set(ACTIONS) == {*Choice.values, *SignChoice.values, *AppealChoice.values}, (
    "the forms offer what the events' records say"
)


@dataclass(frozen=True, slots=True)
class Panel:
    """The decision's place beside the case: a `form`, or what keeps the reader from it, with a sentence of its own."""

    title: Text
    form: StepForm | None = None
    hindrance: Hindrance | None = None
    may_not: Text = ""
    rows: Any = ()


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def decide(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Read a case and decide it; the address keeps the list's filter, so that the next case is one click away."""
    actor = ministry(request)
    case = load_case(Case, actor, referral_id)
    wanted = wanted_of(request, actor)
    place = queues.place_in_list(actor, wanted, referral_id)
    query = query_of(request, wanted)
    choice = request.POST.get("choice", "")
    if choice and taken_before(case.referral, actor, choice, request.POST.get("version", "")):
        tell_of_held(request)
        messages.info(request, _("You have decided this already. The second click changed nothing."))
        return redirect(f"{reverse('referrals:decide', args=[referral_id])}?{query}")
    panel = panel_of(case, request.POST if request.method == "POST" else None)
    if panel.form is not None:
        fill(request, panel.form)
    if request.method != "POST":
        return show(request, case, panel, place, query)
    if panel.form is None:
        return too_late(request, case, panel, place, query)
    ask_fresh(request)
    form = panel.form
    action = ACTIONS.get(choice)
    status = take_step(form, action, by=actor) if action and form.is_valid() else 422
    if status != 303:
        return show(request, case, panel, place, query, status=status)
    messages.success(request, str(BY_NAME[choice].decided) % {"number": case.referral.number})
    return onward(place, query)


def onward(place: Place, query: str) -> HttpResponse:
    """To the next case of the list, else back to the list."""
    if place.next_id is not None:
        return redirect(f"{reverse('referrals:decide', args=[place.next_id])}?{query}")
    return redirect(f"{reverse('referrals:decisions')}?{query}")


def too_late(request: HttpRequest, case: Case, panel: Panel, place: Place, query: str) -> HttpResponse:
    """There is nothing to decide any more: 403 for the person; 409 for the state, with both texts side by side."""
    assert panel.hindrance is not None, "without a form something stands against it"
    if panel.hindrance.denied:
        raise panel.hindrance.error()
    panel = replace(panel, may_not=panel.may_not or _("This case is decided already."))
    return show(request, case, panel, place, query, status=409)


def panel_of(case: Case, data: Any) -> Panel:
    """What this reader can decide here and now."""
    actor, referral = case.actor, case.referral
    appealed = case.authorisation is not None and case.authorisation.state == AuthorisationState.APPEALED
    signed = case.authorisation is not None and case.authorisation.signed_by_id is not None
    # What keeps somebody from upholding keeps them from overturning, too.
    event = AuthorisationEvent.UPHOLD if appealed else AuthorisationEvent.PARTLY_GRANT
    event = AuthorisationEvent.SIGN_SECOND if signed and not appealed else event
    hindrance = guards.why_not(actor, referral, event)
    if hindrance is not None:
        return Panel(
            _("The decision"),
            hindrance=hindrance,
            may_not=reason_against(case, hindrance),
            rows=case.authorisation_rows(),
        )
    if appealed:
        return Panel(
            _("Your decision on the appeal"), AppealDecisionForm(data, actor=actor, referral=referral)
        )
    if signed:
        form = SignForm(data, actor=actor, referral=referral)
        return Panel(_("Your decision as the second person"), form, rows=case.signed_rows())
    recommended = case.check.recommendation if case.check else ""
    return Panel(
        _("Your decision"),
        DecisionForm(
            data, actor=actor, referral=referral, recommended=recommended, before=case.approved_terms()
        ),
    )


def reason_against(case: Case, hindrance: Hindrance) -> Text:
    """Why the reader decides nothing here, as far as it helps them; empty once it is decided."""
    actor, referral, authorisation = case.actor, case.referral, case.authorisation
    state = authorisation.state if authorisation else ""
    if (body := case.has_it()) and not has_it(actor, referral):
        return _("Another body has this case now: %(body)s.") % {"body": body}
    if referral.directing_country_id != actor.country:
        return _("The ministry of the directing country decides: %(country)s.") % {
            "country": referral.directing_country.name
        }
    if hindrance.code in set(Guard):
        return hindrance.message
    if state == AuthorisationState.APPEALED:
        return _("An officer decides the appeal.")
    if referral.over_at is not None:
        return _("This referral is over.") if state in _OPEN else ""
    if state == AuthorisationState.CLOCK_STOPPED:
        return _("The clinician was asked for information. The clock stands still until the answer.")
    if state == AuthorisationState.NOT_REQUIRED:
        return _("An emergency needs no prior authorisation. The ministry reviews it afterwards.")
    if referral.state in {ReferralState.SUBMITTED, ReferralState.SCREENING}:
        return _("The rules are still being checked. The decision is possible when that is done.")
    if not actor.has(Permission.DECIDE) and not actor.has(Permission.APPROVE) and state in _OPEN:
        return _("An officer decides. You can ask the clinician for information.")
    return ""


_OPEN = {
    AuthorisationState.PENDING,
    AuthorisationState.IN_REVIEW,
    AuthorisationState.CLOCK_STOPPED,
    AuthorisationState.OVERTURNED,
    AuthorisationState.APPEALED,
}


def show(
    request: HttpRequest, case: Case, panel: Panel, place: Place, query: str, *, status: int = 200
) -> HttpResponse:
    """The case on the left, the decision beside it."""
    show_case(case)
    typed = typed_text(request)
    late = typed is not None and panel.form is None
    context = {
        "case": case,
        "panel": panel,
        "changes": changes_since(request, case, panel.form) if panel.form else [],
        "typed": typed_rows(DecisionForm(None, actor=case.actor, referral=case.referral), typed)
        if late
        else [],
        "now": stands_now(case) if late else [],
        "form": panel.form,
        "is_appeal": isinstance(panel.form, AppealDecisionForm),
        "is_second": isinstance(panel.form, SignForm),
        "is_last": case.is_last_body(),
        "back_url": f"{reverse('referrals:decisions')}?{query}",
        "place": _("%(number)s of %(total)s") % {"number": place.number, "total": place.total}
        if place.number
        else "",
        "next_url": f"{reverse('referrals:decide', args=[place.next_id])}?{query}" if place.next_id else "",
        "detail_url": reverse("referrals:detail", args=[case.referral.pk]),
        "actions": links(case.actor, case.referral, without={DECIDE, *ACTIONS} if panel.form else ()),
    }
    return render(request, "referrals/decide.html", context, status=status)
