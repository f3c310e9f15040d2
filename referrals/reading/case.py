"""A referral with everything that its reader may know of it.

Loading isn't showing: a step that is taken loads the case too, and answers with a redirect. What is loaded may not be
shown before `show_…` was called, by which the access layer notes the disclosure; `open_answer` does both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import AgreementVersion
from core.actors import Actor
from core.errors import NotKnown
from core.prepared import Parameter, Prepared, lent, prepared, values_of
from disclosure.models import DataKind
from facilities.crossing_day import CrossingDay, read_day
from facilities.models import CrossingHours
from patients.known import as_known_to
from patients.models import Identifier
from referrals import access
from referrals.models import (
    Appointment,
    Authorisation,
    AuthorisationStage,
    Consilium,
    DischargeSummary,
    EligibilityCheck,
    EmergencyAccess,
    EvidenceItem,
    Question,
    Referral,
    RuleResult,
    StatusChange,
)
from referrals.reading import parts
from referrals.reading.former import former_view
from referrals.sight import KIND_OF_RULE
from referrals.states import ACTIVE_STATES, Party, ReferralState


@dataclass(slots=True)
class Case:
    """A referral as one reader may see it.

    `kinds` are those of the patient's data that the reader sees (`DataKind`), and what is of another kind is left empty
    here. `clinical` says whether they see the patient at all: without it nothing may be taken from `referral.patient`.
    `accesses` are the emergency accesses. `shown` says whether the disclosure is noted.
    """

    referral: Referral
    actor: Actor
    kinds: frozenset[str]
    now: datetime
    parties: frozenset[Party]
    changes: list[StatusChange]
    results: list[RuleResult] = field(default_factory=list)
    evidence: list[EvidenceItem] = field(default_factory=list)
    consilia: list[Consilium] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    appointment: Appointment | None = None
    hours: list[CrossingHours] = field(default_factory=list)
    accesses: list[EmergencyAccess] = field(default_factory=list)
    stages: list[AuthorisationStage] = field(default_factory=list)
    shown: bool = False

    @property
    def clinical(self) -> bool:
        return DataKind.CARE in self.kinds

    def has(self, kind: str) -> bool:
        """Whether the reader sees this kind of data."""
        return kind in self.kinds

    @property
    def authorisation(self) -> Authorisation | None:
        return getattr(self.referral, "authorisation", None)

    @property
    def agreement(self) -> AgreementVersion | None:
        """The version of the agreement by which it is judged."""
        return self.referral.agreement_version

    @property
    def summary(self) -> DischargeSummary | None:
        return getattr(self.referral, "discharge_summary", None) if self.clinical else None

    @property
    def check(self) -> EligibilityCheck | None:
        """The newest check."""
        return self.results[0].check_run if self.results else None

    @property
    def check_pending(self) -> bool:
        """Whether a worker is about to check, or checks now."""
        if self.referral.state in {ReferralState.SUBMITTED, ReferralState.SCREENING}:
            return True
        waits = self.referral.is_emergency and self.referral.state in ACTIVE_STATES
        return waits and self.clinical and not self.results

    @property
    def open_questions(self) -> list[Question]:
        return [row for row in self.questions if row.request.answered_at is None]

    @property
    def crossing_day(self) -> CrossingDay | None:
        """The crossing on the day of the journey, for who knows that day."""
        appointment = self.appointment.period.lower if self.appointment else None
        return crossing_day(self.referral, self.hours, appointment) if self.clinical else None

    @property
    def is_clinician(self) -> bool:
        return Party.DIRECTING_CLINICIAN in self.parties


def crossing_day(
    referral: Referral, hours: Iterable[CrossingHours], appointment: datetime | None
) -> CrossingDay | None:
    """The crossing on the day of the appointment by the host's clock; before there is one, on that of the need."""
    zone = referral.host_zone
    day = referral.needed_by
    if appointment is not None and zone is not None:
        day = appointment.astimezone(zone).date()
    if referral.crossing is None or day is None:
        return None
    return read_day(referral.crossing, hours, day)


AnyCase = TypeVar("AnyCase", bound=Case)


def load_case(
    kind: type[AnyCase], actor: Actor, referral_id: UUID | str, *, now: datetime | None = None
) -> AnyCase:
    """The referral for this reader as a `Case` or a kind of it: at most nine queries. Raises NotKnown."""
    referral = _load(prepared(_page, lent(actor)), actor, referral_id, former=True)
    case = kind(
        referral=referral,
        actor=actor,
        kinds=access.kinds_seen(actor, referral),
        now=now or timezone.now(),
        parties=access.parties(actor, referral),
        changes=parts.history_of(referral),
    )
    if access.sees_answer(actor, referral):
        case.appointment = parts.active_appointment(referral)
    if referral.emergency_opened_at is not None:
        case.accesses = parts.accesses_of(referral)
    case.stages = parts.stages_of(referral)
    if case.has(DataKind.DOCUMENTS):
        case.evidence = referral.known_evidence = parts.evidence_of(referral)
        case.consilia = parts.consilia_of(referral)
        case.questions = parts.questions_of(referral)
    if case.clinical:
        case.results = [row for row in parts.latest_results(referral) if of_kinds(row, case.kinds)]
        case.identifiers = parts.identifiers_of(referral)
        case.hours = parts.hours_of(referral)
    return case


def show_case(case: Case) -> None:
    """Note that a loaded case is shown to its reader, once for each loading."""
    if not case.shown:
        access.show(case.actor, case.referral, case.kinds)
        case.shown = True


def load_draft(actor: Actor, referral_id: UUID | str) -> Referral:
    """A referral that the actor's facility files, with what the pages of the filing show of it.

    Raises NotKnown, or Denied for who may know of it and doesn't file it.
    """
    referral = _load(prepared(_page, lent(actor)), actor, referral_id)
    access.require_filer(actor, referral)
    referral.known_evidence = parts.evidence_of(referral)
    return referral


def show_draft(actor: Actor, referral: Referral) -> None:
    """Note that a page of the filing is shown."""
    access.show(actor, referral)


def drafts_of(actor: Actor, patient_id: UUID) -> QuerySet[Referral]:
    """The drafts that the actor's facility has for a patient who is shown, the latest first."""
    own = access.visible_referrals(actor).filter(directing_facility_id=actor.organisation_id)
    drafts = own.filter(patient_id=patient_id, state=ReferralState.DRAFT)
    drafts = drafts.annotate(has_report=parts.has_report())
    return drafts.select_related("specialty").order_by("-updated_at", "-pk")


def open_answer(actor: Actor, referral_id: UUID) -> Referral:
    """The referral with what the API's answer shows of it joined. Raises NotKnown."""
    referral = load_answer(actor, referral_id)
    access.show(actor, referral)
    return referral


def of_kinds(result: RuleResult, kinds: frozenset[str]) -> bool:
    """Whether what a rule found speaks of data of these kinds alone."""
    return KIND_OF_RULE.get(result.rule, DataKind.CARE) in kinds


def load_answer(actor: Actor, referral_id: UUID) -> Referral:
    """As `open_answer`, to compare it with what was read: it may not be shown."""
    return _load(prepared(_answer, lent(actor)), actor, referral_id, former=True)


def _load(
    query: Prepared[Referral], actor: Actor, referral_id: UUID | str, *, former: bool = False
) -> Referral:
    try:
        key = referral_id if isinstance(referral_id, UUID) else UUID(referral_id)
    except ValueError as error:
        raise NotKnown() from error
    found = query.first(referral=key, **values_of(actor))
    if found is None and former and (view := former_view(actor, key)) is not None:
        return view
    if found is None:
        raise access.not_here(actor, key)
    if found.emergency_opened_at is not None and parts.is_open_to(actor, found):
        found.opened_to = actor.user_id
    # Of the patient everybody reads what the directing facility knows: less than the record's recorder may.
    as_known_to(found.patient, found.directing_facility_id)
    return found


def _page(actor: Actor) -> QuerySet[Referral]:
    rows = access.visible_referrals(actor).select_related(
        "patient__residence_district__parent",
        "residence_district__parent",
        "specialty",
        "diagnosis",
        "directing_country",
        "directing_facility__organisation__country",
        "directing_facility__admin_unit__parent",
        "host_country",
        "host_facility__organisation__country",
        "host_facility__admin_unit__parent",
        "crossing",
        "authorisation__facility__organisation",
        "consent__superseded_by",
        "consent__recipient__organisation",
        "agreement_version__agreement",
        "discharge_summary",
    )
    return rows.defer(*_LOADED, *_VERSION).filter(pk=Parameter("referral")).order_by()


def _answer(actor: Actor) -> QuerySet[Referral]:
    rows = access.with_case(access.visible_referrals(actor)).select_related(
        "agreement_version__agreement",
        "residence_district",
        "patient",
        "discharge_summary",
        "consent__recipient__organisation",
    )
    return rows.defer(*_LOADED, *_LONG).filter(pk=Parameter("referral")).order_by()


# Of a version a case shows its dates, source and bases.
_VERSION = tuple(
    f"agreement_version__{name}" for name in ("rules", "chains", "zones", "impact", "specialties")
)
_SIDES = ("directing", "host")
# Texts of joined rows that only a search or a reload of the reference data needs, and what no answer shows.
_LOADED = (
    "agreement_version__agreement__loaded_values",
    "crossing__loaded_values",
    "crossing__sources",
    "diagnosis__loaded_values",
    "diagnosis__search",
    "specialty__loaded_values",
    "specialty__name_sources",
    "residence_district__loaded_values",
    "patient__residence_district__loaded_values",
    *(
        f"{side}_facility__{name}"
        for side in _SIDES
        for name in ("loaded_values", "search", "organisation__loaded_values")
    ),
)
_LONG = (
    "draft_text",
    *_VERSION,
    "agreement_version__agreement__says_in",
    *(f"{side}_facility__{name}" for side in _SIDES for name in ("source", "note", "stated_services")),
)
