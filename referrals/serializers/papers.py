"""What is answered about the papers of a referral."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from core import languages
from core.api.answers import Answer, OneOf
from referrals.models import Paper, PaperKind
from referrals.presentation.papers import parts_of
from referrals.serializers.answers import BASE


class PrintPart(Answer):
    """One paper of a decision: the certificate, or the letter for the patient or the clinician."""

    part: Annotated[str, OneOf(("certificate", "patient", "clinician"))]
    links: Annotated[dict[str, str], "By language (ISO 639-1), the address of the PDF."]


class PaperRow(Answer):
    """The papers of one decision."""

    id: int
    kind: Annotated[str, OneOf(PaperKind)]
    kind_display: str
    decided_on: Annotated[date, "By the clock of the ministry."]
    code: Annotated[str, "Of the certificate, by which anybody may check it; empty where there is none."]
    parts: list[PrintPart]

    @classmethod
    def of(cls, row: Paper) -> Self:
        own = f"{BASE}{row.referral_id}/papers/{row.pk}/"
        return cls(
            id=row.pk,
            kind=str(row.kind),
            kind_display=row.get_kind_display(),
            decided_on=date.fromisoformat(row.facts["day"]),
            code=row.code or "",
            parts=[PrintPart(part=part, links=_links(f"{own}{part}/")) for part in parts_of(row)],
        )


class PaperList(Answer):
    """Everything of a referral that can be printed."""

    papers: Annotated[list[PaperRow], "The latest decision first."]
    itinerary: Annotated[dict[str, str], "The patient's journey by language; empty before a date is named."]

    @classmethod
    def of(cls, referral_id: UUID, rows: list[Paper], *, journey: bool) -> Self:
        links = _links(f"{BASE}{referral_id}/itinerary/") if journey else {}
        return cls(papers=[PaperRow.of(row) for row in rows], itinerary=links)


def _links(base: str) -> dict[str, str]:
    return {code: f"{base}{code}/" for code in languages.CODES}
