"""Papers to print: the certificate and the letters of each decision, and the patient's journey."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import languages
from core.actors import Actor
from core.errors import Denied, IllegalTransition, NotKnown
from documents.paper import print_paper
from referrals import actions
from referrals.presentation import itinerary as journey
from referrals.presentation import papers as words
from referrals.presentation.case import Case
from referrals.presentation.checks import check_rows
from referrals.reading import load_case, show_case
from referrals.reading.papers import checks_of, paper_of, papers_of, show_paper

NO_DATE = IllegalTransition(
    _("There is no journey to print: the hospital has named no date."), code="no_date"
)


@require_safe
def papers(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Every paper of a referral in every language, and how often its certificates were checked."""
    case = _case(request, referral_id)
    show_case(case)
    return render(
        request,
        "referrals/papers.html",
        _frame(case)
        | {
            "papers": words.link_rows(papers_of(case), case.referral.pk),
            "checks": check_rows(checks_of(case)),
            "has_itinerary": journey.has_itinerary(case),
        },
    )


@require_safe
def paper(request: HttpRequest, referral_id: UUID, number: int, part: str, language: str) -> HttpResponse:
    """One paper as a PDF."""
    return pdf(printed(_case(request, referral_id), number, part, language), f"{part}-{language}")


def printed(case: Case, number: int, part: str, language: str) -> bytes:
    """The PDF of one paper, whose printing is noted. Raises NotKnown, Denied, or IllegalTransition without a key."""
    require_shown(case)
    found = paper_of(case, number)
    if part not in words.parts_of(found) or language not in languages.CODES:
        raise NotKnown()
    if part == words.CERTIFICATE:
        found = actions.sign_certificate(found, by=case.actor)
    show_paper(case)
    with translation.override(language):
        return print_paper("sheet", words.sheet(found, part, case.kinds))


@require_safe
def itinerary(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The patient's journey on a page, with links to print it in each language."""
    case = _case(request, referral_id)
    _require_journey(case)
    show_case(case)
    links = [
        {"url": reverse("referrals:itinerary_paper", args=[referral_id, code]), "code": code, "name": name}
        for code, name in languages.own_names()
    ]
    return render(
        request,
        "referrals/itinerary.html",
        _frame(case) | {"parts": _as_rows(journey.parts(case)), "links": links},
    )


@require_safe
def itinerary_paper(request: HttpRequest, referral_id: UUID, language: str) -> HttpResponse:
    """The same as a PDF."""
    return pdf(printed_itinerary(_case(request, referral_id), language), f"itinerary-{language}")


def printed_itinerary(case: Case, language: str) -> bytes:
    """The PDF of the journey, whose printing is noted. Raises NotKnown, Denied, or IllegalTransition without a date."""
    require_shown(case)
    if language not in languages.CODES:
        raise NotKnown()
    _require_journey(case)
    show_paper(case)
    with translation.override(language):
        return print_paper("sheet", journey.sheet(case))


def require_shown(case: Case) -> None:
    """Raise Denied unless the reader sees whose case it is."""
    if not case.clinical:
        raise Denied(case.hidden_because)


def pdf(content: bytes, name: str) -> HttpResponse:
    """To look at and to print. The name of a file stands in lists that others see, so it tells of nobody."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _require_journey(case: Case) -> None:
    if not journey.has_itinerary(case):
        raise NO_DATE


def _case(request: HttpRequest, referral_id: UUID) -> Case:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = load_case(Case, actor, referral_id)
    require_shown(case)
    return case


def _frame(case: Case) -> dict[str, Any]:
    url = reverse("referrals:detail", args=[case.referral.pk])
    return {"case": case, "referral": case.referral, "detail_url": url}


def _as_rows(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        part | {"rows": [{"key": key, "lines": value.split("\n")} for key, value in part["rows"]]}
        for part in parts
    ]
