"""Filing a referral, one thing a page. Every page saves the draft; nothing is sent before the last one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.middleware import actor_of
from core.actors import Actor
from core.errors import Denied, IllegalTransition, Invalid, NotKnown, Stale
from core.kept.compare import differences
from core.kept.desk import Kept, keeps_text
from core.kept.store import typed
from core.permissions import Permission
from eligibility import RULES, MendedIn
from patients.access import get_visible as get_patient
from patients.access import show as show_patient
from patients.actions import record_consent
from referrals import actions, foresight, reading
from referrals.forms.filing import FORMS, ConsentForm, PageForm, WhereForm, kept_text
from referrals.models import Referral
from referrals.pages.of_patient import under_way
from referrals.pages.own_number import own_number_panel
from referrals.presentation import filing as words
from referrals.presentation import filing_pages
from referrals.presentation.remedies import Reader
from referrals.presentation.rules import contradiction_words, rules_ahead
from referrals.states import ReferralState


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a referral for `?patient=`; without one, say that the patient comes first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor is None or not actor.has(Permission.FILE_REFERRALS):
        raise Denied(_("Only the clinicians of a facility file referrals."))
    wanted = request.POST.get("patient") or request.GET.get("patient")
    if not wanted:
        status = 422 if request.method == "POST" else 200
        return render(request, "referrals/start.html", {"patient": None}, status=status)
    try:
        patient = get_patient(actor, UUID(wanted))
    except ValueError as error:
        raise NotKnown() from error
    drafts = list(reading.drafts_of(actor, patient.pk))
    if request.method == "POST":
        # The same button pressed twice begins one draft, not two.
        untouched = next((row for row in drafts if row.version == 1 and not row.draft_text), None)
        draft = untouched or actions.start_draft(patient_id=patient.pk, by=actor)
        return redirect("referrals:file_page", draft.pk, filing_pages.PAGES[0].slug)
    show_patient(actor, patient)
    context = words.start_page(patient, drafts) | {"under_way": under_way(actor, patient)}
    return render(request, "referrals/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def file_page(request: HttpRequest, referral_id: UUID, page: str) -> HttpResponse:
    """One page of the filing; the last one shows all answers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if page not in filing_pages.PAGE_BY_SLUG:
        raise NotKnown()
    referral = reading.load_draft(actor, referral_id)
    if referral.state != ReferralState.DRAFT:
        if request.method == "POST":
            raise IllegalTransition(_("This referral is filed and can’t be edited any more."))
        return redirect("referrals:detail", referral.pk)
    if page == "check":
        return _show_check(request, referral)
    referral = _take_up(request, actor, referral, page)
    reason = words.not_yet(referral, page)
    if reason is not None:
        return _render(request, "referrals/file_wait.html", referral, page, {"wait": reason})
    form = _form(request, actor, referral, page)
    if not form.is_bound:
        return _show(request, form, page)
    if form.is_search:
        return _show(request, form, page)
    return _save(request, actor, form, page)


def _take_up(request: HttpRequest, actor: Actor, referral: Referral, page: str) -> Referral:
    """Let the draft itself have the text of this page that was kept while nobody was signed in."""
    kept: Kept = request.kept  # type: ignore[attr-defined]
    if kept.row is None or kept.text is None or request.method == "POST":
        return referral
    form = FORMS[page](None, actor=actor, referral=referral)
    saved = actions.autosave(referral.pk, by=actor, page=page, text=kept_text(form, kept.text))
    kept.drop()
    return reading.load_draft(actor, saved.pk)


def _form(request: HttpRequest, actor: Actor, referral: Referral, page: str) -> PageForm:
    extra: dict[str, Any] = {"query": request.GET} if FORMS[page] is WhereForm else {}
    data = request.POST if request.method == "POST" else None
    return FORMS[page](data, actor=actor, referral=referral, **extra)


def _save(request: HttpRequest, actor: Actor, form: PageForm, page: str) -> HttpResponse:
    """Save a page's answers and go on; what can't be saved is kept as it was typed."""
    referral = form.referral
    if not form.is_valid():
        return _keep(request, actor, form, page)
    try:
        content = form.whole_content()
        if getattr(form, "records_new", False):
            terms = form.terms()  # type: ignore[attr-defined]
            content["consent"] = record_consent(by=actor, patient_id=referral.patient_id, **terms)
        actions.save_draft(
            referral.pk,
            by=actor,
            content=content,
            evidence=form.evidence(),
            page=page,
            version=form.posted_version,
        )
    except Invalid as error:
        form.take(error)
        return _keep(request, actor, form, page)
    except Stale:
        return _stale(request, actor, form, content)
    target = "check" if request.GET.get("back") == "check" else filing_pages.next_slug(page)
    return redirect("referrals:file_page", referral.pk, target)


def _keep(request: HttpRequest, actor: Actor, form: PageForm, page: str) -> HttpResponse:
    """Show a page with its errors. The text is kept on the server too, so that a closed window loses nothing."""
    try:
        actions.autosave(form.referral.pk, by=actor, page=page, text=kept_text(form, request.POST))
    except Invalid as error:
        form.take(error)
    else:
        request.kept.drop()  # type: ignore[attr-defined]
    return _show(request, form, page, status=422)


def _stale(request: HttpRequest, actor: Actor, form: PageForm, content: dict[str, Any]) -> HttpResponse:
    """The draft was changed in another window: the same page sent twice goes on, another one is explained."""
    present = reading.load_draft(actor, form.referral.pk)
    if words.already_saved(present, reading.evidence_of(present), content, form.evidence()):
        return redirect("referrals:file_page", present.pk, filing_pages.next_slug(form.slug))
    actions.autosave(present.pk, by=actor, page=form.slug, text=kept_text(form, request.POST))
    request.kept.drop()  # type: ignore[attr-defined]
    fresh = FORMS[form.slug](None, actor=actor, referral=present)
    mine = {name: form[name].value() for name in form.fields if not form.fields[name].widget.is_hidden}
    carried = [(name, value) for name, values in typed(request.POST).items() for value in values]
    context = {"differences": differences(fresh, mine, now=fresh.saved()), "carried": carried}
    return _render(request, "referrals/file_stale.html", present, form.slug, context, status=412)


def _show(request: HttpRequest, form: PageForm, page: str, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form}
    if request.GET.get("back") == "check":
        context |= {"back_url": words.page_url(form.referral, "check"), "keep": {"back": "check"}}
    template = "referrals/file_page.html"
    if isinstance(form, WhereForm):
        form.show_only_page()
        template = "referrals/file_where.html"
        context |= {"page": form.page, "found": len(form.found), "filter_form": form.filter}
    elif isinstance(form, ConsentForm):
        template = "referrals/file_consent.html"
    elif page == "payer":
        context |= _ahead(form.actor, form.referral, MendedIn.COVERAGE)
    return _render(request, template, form.referral, page, context, status=status)


def _show_check(
    request: HttpRequest, referral: Referral, *, error: Invalid | None = None, status: int = 200
) -> HttpResponse:
    context = words.answers(referral, reading.evidence_of(referral), error)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context |= _ahead(actor, referral) | own_number_panel(actor, referral)
    return _render(request, "referrals/file_check.html", referral, "check", context, status=status)


def _ahead(actor: Actor, referral: Referral, *mended_in: MendedIn) -> dict[str, Any]:
    """What the filing will meet: the contradiction of wish and limit, and what the rules will say.

    With `mended_in`, of the rules whose findings are put right there alone.
    """
    ahead = foresight.preview(referral)
    found = [row for row in ahead if not mended_in or RULES[row.rule].mended_in in mended_in]
    return {
        "contradiction": contradiction_words(foresight.contradiction(referral, timezone.now()), referral),
        "ahead": rules_ahead(found, referral, Reader.of(actor, referral)),
    }


def _render(
    request: HttpRequest,
    template: str,
    referral: Referral,
    page: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page about the draft, in the frame that all of them have."""
    reading.show_draft(actor_of(request), referral)
    return render(request, template, words.frame(referral, page) | (context or {}), status=status)


@require_POST
def autosave(request: HttpRequest, referral_id: UUID, page: str) -> HttpResponse:
    """Keep what is typed on a page, as JSON {"message", "saved_at"}; 422 with a message when it is too much."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if page not in FORMS:
        raise NotKnown()
    referral = reading.load_draft(actor, referral_id)
    form = _form(request, actor, referral, page)
    try:
        saved = actions.autosave(referral.pk, by=actor, page=page, text=kept_text(form, request.POST))
    except Invalid as error:
        return JsonResponse({"message": str(error.message)}, status=422)
    return JsonResponse(
        {"message": words.saved_sentence(saved), "saved_at": timezone.localtime(saved.updated_at).isoformat()}
    )


autosave.keeps_text = True  # type: ignore[attr-defined]  # its text is rescued, as that of the page itself


@require_POST
def submit(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """File the referral. Sent twice, the second one shows what the first one filed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = reading.load_draft(actor, referral_id)
    version = request.POST.get("version", "")
    try:
        if referral.submitted_at is not None:
            return _filed_before(request, referral)
        filed = actions.submit(
            referral.pk, by=actor, version=int(version) if version.isascii() and version.isdigit() else None
        )
    except Invalid as error:
        return _show_check(request, referral, error=error, status=422)
    except (Stale, IllegalTransition):
        present = reading.load_draft(actor, referral_id)
        if present.submitted_at is not None:
            return _filed_before(request, present)
        return _render(request, "referrals/file_stale.html", present, "check", status=412)
    messages.success(
        request, _("Filed as %(number)s. The rules are being checked.") % {"number": filed.number}
    )
    return redirect("referrals:detail", filed.pk)


def _filed_before(request: HttpRequest, referral: Referral) -> HttpResponse:
    messages.info(
        request,
        _("This referral was filed already, as %(number)s. Nothing was filed twice.") % {"number": referral},
    )
    return redirect(reverse("referrals:detail", args=[referral.pk]))
