"""Papers by the API: what there is, and each as a PDF."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from core.api.jsonio import JsonRenderer, answer
from referrals.api.common import ReferralView
from referrals.pages.papers import pdf, printed, printed_itinerary, require_shown
from referrals.presentation.case import Case
from referrals.presentation.itinerary import has_itinerary
from referrals.reading import load_case, show_case
from referrals.reading.papers import papers_of
from referrals.serializers.papers import PaperList

_PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class PdfRenderer(BaseRenderer):
    """Lets a request ask for a PDF; the view itself writes it."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return b""


class Papers(ReferralView):
    """The papers of a referral."""

    only_reads = True

    @extend_schema(operation_id="listPapers", summary="List the papers of a referral", responses=PaperList)
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """The certificate and the letters of each decision, and the patient's journey, with a link for each language.
        For who sees the patient's data; others get 403."""
        case = load_case(Case, self.actor, pk)
        require_shown(case)
        show_case(case)
        return answer(PaperList.of(case.referral.pk, papers_of(case), journey=has_itinerary(case)))


class OnePaper(ReferralView):
    """One paper."""

    only_reads = True
    renderer_classes = [JsonRenderer, PdfRenderer]

    @extend_schema(operation_id="printPaper", summary="Print a paper of a decision", responses=_PDF)
    def get(self, request: Request, pk: UUID, number: int, part: str, language: str) -> HttpResponse:
        """PDF/A-2b, the same each time. `part` is certificate, patient or clinician; `language` one of the list's."""
        case = load_case(Case, self.actor, pk)
        return pdf(printed(case, number, part, language), f"{part}-{language}")


class Itinerary(ReferralView):
    """The patient's journey."""

    only_reads = True
    renderer_classes = [JsonRenderer, PdfRenderer]

    @extend_schema(operation_id="printItinerary", summary="Print the patient's journey", responses=_PDF)
    def get(self, request: Request, pk: UUID, language: str) -> HttpResponse:
        """PDF/A-2b: when, where, what to bring, which crossing, whom to call. 409 before the hospital names a date."""
        return pdf(printed_itinerary(load_case(Case, self.actor, pk), language), f"itinerary-{language}")
