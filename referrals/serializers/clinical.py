"""The clinical part of a case: whom a referral is about and why, with evidence, check, questions and summary."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Self

from core.api.answers import Answer, OneOf
from facilities.serializers.answers import Coding, DiagnosisCoding, DistrictCoding
from patients.serializers.person import Person
from patients.serializers.records import ConsentRow, CoverageRow
from referrals import reading, wording
from referrals.models import (
    CareMode,
    Consilium,
    DischargeSummary,
    EvidenceItem,
    Outcome,
    Question,
    Recommendation,
    Referral,
    RuleResult,
)
from referrals.models.circumstances import (
    BY_NAME,
    Commission,
    Eaeu,
    HomeLacks,
    InBasket,
    Risk,
    Translations,
    home_from,
    value_of,
)
from referrals.outline import shown
from referrals.presentation.remedies import By, Control, Reader, control_of


class EvidenceRow(Answer):
    """A document's content."""

    kind: Annotated[str, OneOf(EvidenceItem.Kind)]
    dated_on: date
    author: str
    author_position: Annotated[str, OneOf((*EvidenceItem.Position, ""))]
    text: str
    recorded_at: datetime


class CircumstancesPart(Answer):
    """What the clinician stated beside the report; null or empty where nothing is stated."""

    equipment: list[str]
    risk: Annotated[str, OneOf((*Risk, ""))]
    risk_note: str
    home_wait_days: int | None
    home_from: Annotated[date | None, "The first day on which the care could be had at home."]
    home_lacks: Annotated[str, OneOf((*HomeLacks, ""))]
    home_lacks_note: str
    translations: Annotated[str, OneOf((*Translations, ""))]
    in_basket: Annotated[str, OneOf((*InBasket, ""))]
    eaeu: Annotated[str, OneOf((*Eaeu, ""))]
    commission: Annotated[str, OneOf((*Commission, ""))]

    @classmethod
    def of(cls, referral: Referral) -> Self:
        stated = referral.circumstances
        texts = {
            name: value_of(stated, name) or ""
            for name in BY_NAME
            if name not in ("equipment", "home_wait_days")
        }
        return cls.filled(
            referral,
            equipment=value_of(stated, "equipment") or [],
            home_wait_days=value_of(stated, "home_wait_days"),
            home_from=home_from(stated),
            **texts,
        )


class ConsiliumRow(Answer):
    """What a consilium found."""

    held_on: date
    members: str
    finding: Annotated[str, OneOf(Consilium.Finding)]
    escort: str
    text: str
    recorded_at: datetime


class OperationPart(Answer):
    """What to send, and where."""

    method: str
    href: str


class RemedyPart(Answer):
    """By which control a finding is put right, for this reader and now; else who can."""

    by: Annotated[str, OneOf(By)]
    text: str
    page: Annotated[str | None, "The page for a person; null where the reader has none."]
    operation: Annotated[
        OperationPart | None, "In this API; null where there is none, or not for this reader."
    ]

    @classmethod
    def of(cls, control: Control) -> Self:
        operation = OperationPart.filled(control.operation) if control.operation else None
        return cls(by=control.by.value, text=control.text, page=control.page or None, operation=operation)


class RuleRow(Answer):
    """One rule's outcome in words, and what to do about it."""

    rule: str
    title: str
    outcome: Annotated[str, OneOf(Outcome)]
    outcome_display: str
    was: Annotated[str | None, OneOf(Outcome), "The outcome before, where a changed fact changed it."]
    blocking: bool
    sentence: str
    remedy: str
    remedy_control: Annotated[RemedyPart | None, "Where there is a remedy: its link."]
    basis: str
    evidence: list[str]

    @classmethod
    def of(cls, result: RuleResult, referral: Referral, reader: Reader) -> Self:
        words = wording.describe(result)
        control = control_of(result, referral, reader)
        return cls.filled(
            words,
            rule=words.code,
            outcome_display=words.outcome_label,
            was=result.was or None,
            remedy_control=RemedyPart.of(control) if control else None,
        )


class CheckPart(Answer):
    """The latest eligibility check. It recommends; a named officer decides."""

    checked_at: datetime
    again: Annotated[bool, "Whether it was run again because a fact had changed."]
    rule_set_version: str
    agreement: str
    recommendation: Annotated[str, OneOf(Recommendation)]
    recommendation_display: str
    results: list[RuleRow]

    @classmethod
    def of(cls, results: list[RuleResult], referral: Referral, reader: Reader) -> Self | None:
        """Of the outcomes of one check; None without any."""
        if not results:
            return None
        check = results[0].check_run
        return cls.filled(
            check,
            agreement=check.agreement_code,
            recommendation_display=check.get_recommendation_display(),
            results=[RuleRow.of(row, referral, reader) for row in results],
        )


class QuestionRow(Answer):
    """One question of the ministry, by its number, and the answer."""

    question: int
    text: str
    answer: str

    @classmethod
    def of(cls, row: Question) -> Self:
        return cls.filled(row, question=row.position)


class InformationRow(Answer):
    """One round of the ministry's questions."""

    asked_at: datetime
    asked_by: str
    answered_at: datetime | None
    answered_by: str
    questions: list[QuestionRow]

    @classmethod
    def all_of(cls, questions: Iterable[Question]) -> list[Self]:
        """The rounds of these questions, in the order in which they come."""
        rounds = [list(some) for _key, some in groupby(questions, key=attrgetter("request_id"))]
        return [
            cls.filled(
                some[0].request,
                asked_by=some[0].request.asked_by_label,
                answered_by=some[0].request.answered_by_label,
                questions=[QuestionRow.of(row) for row in some],
            )
            for some in rounds
        ]


class DischargePart(Answer):
    """The discharge summary."""

    admitted_on: date
    discharged_on: date
    care_given: str
    outcome: str
    advice: str
    written_by: str
    written_at: datetime

    @classmethod
    def of(cls, row: DischargeSummary) -> Self:
        return cls.filled(row, written_by=row.written_by_label)


class ClinicalPart(Answer):
    """Whom the referral is about and why: for those only who may read it."""

    patient: Person
    specialty: Coding | None
    service: str
    care_mode: Annotated[str, OneOf((*CareMode, ""))]
    diagnosis: DiagnosisCoding | None
    clinical_reason: str
    goal: str
    triage_note: str
    emergency_ground: str
    needed_by: date | None
    needed_by_reason: str
    residence_district: DistrictCoding | None
    consent: ConsentRow | None
    coverages: list[CoverageRow]
    evidence: list[EvidenceRow]
    circumstances: CircumstancesPart
    consilia: Annotated[list[ConsiliumRow], "The latest first."]
    check: CheckPart | None
    information_requests: list[InformationRow]
    discharge_summary: DischargePart | None

    @classmethod
    def of(cls, referral: Referral, reader: Reader, kinds: frozenset[str]) -> Self:
        """For a reader who may read clinical content (`access.sees_clinical`): of the kinds that they may see."""
        papers, payment = (
            shown("clinical.evidence", kinds),
            shown("clinical.coverages", kinds),
        )
        district, consent = referral.residence_district, referral.consent
        diagnosis, written = referral.diagnosis, getattr(referral, "discharge_summary", None)
        coding = (referral.diagnosis_system, referral.diagnosis_version)
        return cls.filled(
            referral,
            patient=Person.of(referral.patient, reading.identifiers_of(referral)),
            specialty=Coding.of(referral.specialty) if referral.specialty else None,
            diagnosis=DiagnosisCoding.of(diagnosis, *coding) if diagnosis else None,
            residence_district=DistrictCoding.of(district) if district else None,
            consent=ConsentRow.of(consent) if consent else None,
            coverages=[CoverageRow.of(row) for row in (reading.coverages_of(referral) if payment else ())],
            evidence=[EvidenceRow.filled(row) for row in (reading.evidence_of(referral) if papers else ())],
            circumstances=CircumstancesPart.of(referral),
            consilia=[
                ConsiliumRow.filled(row)
                for row in (reading.consilia_of(referral) if shown("clinical.consilia", kinds) else ())
            ],
            check=CheckPart.of(
                [row for row in reading.latest_results(referral) if reading.of_kinds(row, kinds)],
                referral,
                reader,
            ),
            information_requests=InformationRow.all_of(reading.questions_of(referral) if papers else ()),
            discharge_summary=DischargePart.of(written) if written else None,
        )
