"""One referral with everything that a page shows of it, in a constant number of queries, for one reader."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.presentation import force_sentence
from core.actors import Actor
from core.errors import NotKnown
from core.permissions import Permission
from facilities.access import zone_of
from patients.models import Identifier
from referrals import access, reading
from referrals.actions.reading import record_read
from referrals.models import (
    Appointment,
    Authorisation,
    DischargeSummary,
    EligibilityCheck,
    EvidenceItem,
    Question,
    Referral,
    RuleResult,
    StatusChange,
)
from referrals.presentation import clinical
from referrals.presentation.clinical import Rows
from referrals.presentation.clock import Clock, clock_of
from referrals.presentation.history import Happened, history
from referrals.presentation.labels import Tag, authorisation_tag, priority_tag, referral_tag
from referrals.presentation.next_step import next_step
from referrals.presentation.person import person_rows
from referrals.presentation.reader import NextStep
from referrals.presentation.route import Route, route
from referrals.presentation.rules import CheckPanel, check_panel
from referrals.presentation.timeline import Station, Trace, timeline
from referrals.states import ACTIVE_STATES, Party, ReferralState

_JOINED = (
    "patient__citizenship",
    "patient__residence_district__parent",
    "residence_district",
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
    "consent",
    "agreement",
    "discharge_summary",
)


@dataclass(slots=True)
class Case:
    """A referral as one reader may see it.

    `clinical` says whether the reader sees the patient and the clinical content; without it the lists of evidence,
    questions and rule results are empty and nothing here may be taken from `referral.patient`. The methods put
    the rows into words; they ask the database nothing.
    """

    referral: Referral
    actor: Actor
    clinical: bool
    now: datetime
    parties: frozenset[Party]
    changes: list[StatusChange]
    results: list[RuleResult] = field(default_factory=list)
    evidence: list[EvidenceItem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    appointment: Appointment | None = None

    @property
    def authorisation(self) -> Authorisation | None:
        return getattr(self.referral, "authorisation", None)

    @property
    def agreement(self) -> Agreement | None:
        return self.referral.agreement

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
    def is_clinician(self) -> bool:
        return Party.DIRECTING_CLINICIAN in self.parties

    @property
    def title(self) -> str:
        """“Test Patient A, cardiac surgery”; the number alone for who may not know the patient."""
        referral = self.referral
        if not self.clinical:
            return str(referral)
        if referral.specialty is None:
            return referral.patient.full_name
        return _("%(patient)s, %(care)s") % {
            "patient": referral.patient.full_name,
            "care": referral.specialty.name.lower(),
        }

    @property
    def lines(self) -> list[str]:
        """What stands under the title: number, priority, diagnosis."""
        shown = [str(self.referral) if self.clinical else "", str(self.referral.get_priority_display())]
        if self.clinical:
            shown.append(clinical.diagnosis_text(self.referral))
        return [text for text in shown if text]

    @property
    def tag(self) -> Tag:
        return referral_tag(self.referral)

    @property
    def priority(self) -> Tag:
        return priority_tag(self.referral.priority)

    @property
    def authorisation_tag(self) -> Tag | None:
        return authorisation_tag(self.authorisation.state) if self.authorisation else None

    @property
    def hidden_because(self) -> str:
        """Why the reader sees no clinical content, in a sentence; empty for those who see it."""
        return "" if self.clinical else hidden_because(self.actor, self.referral)

    def route(self) -> Route:
        return route(self.referral)

    def next(self) -> NextStep:
        return next_step(
            self.referral,
            self.actor,
            now=self.now,
            open_questions=len(self.open_questions) or None,
            starts_at=self.appointment.period.lower if self.appointment else None,
        )

    def clock(self) -> Clock | None:
        return clock_of(self.referral, self.now)

    def timeline(self) -> list[Station]:
        return timeline(
            Trace(
                referral=self.referral,
                changes=self.changes,
                check=self.check,
                rules=len(self.results),
                appointment=self.appointment,
                summary=self.summary,
                now=self.now,
            )
        )

    def history(self) -> list[Happened]:
        """What happened, the oldest first; without reasons for who sees no clinical content."""
        return history(self.changes, reasons=self.clinical)

    def check_panel(self) -> CheckPanel | None:
        return check_panel(
            self.check,
            self.results,
            self.referral,
            may_mend=self.is_clinician and self.referral.state in ACTIVE_STATES,
        )

    def facts(self) -> Rows:
        """What is needed, and why."""
        return clinical.facts(self.referral) if self.clinical else []

    def patient_rows(self) -> Rows:
        """Who the patient is, with masked numbers."""
        if not self.clinical:
            return []
        return person_rows(self.referral.patient, self.identifiers, timezone.localtime(self.now).date())

    def evidence_rows(self) -> list[dict[str, str]]:
        return clinical.evidence_rows(self.evidence)

    def rounds(self) -> list[dict[str, Any]]:
        """Questions and answers, the newest round first."""
        return clinical.rounds(self.questions)

    def authorisation_rows(self) -> Rows:
        return clinical.authorisation_rows(self.authorisation) if self.clinical else []

    def appointment_rows(self) -> Rows:
        country = self.referral.host_country_id
        zone = zone_of(country) if country else None
        return clinical.appointment_rows(self.appointment, zone) if self.clinical else []

    def summary_rows(self) -> Rows:
        return clinical.summary_rows(self.summary)

    def law(self) -> list[dict[str, Any]]:
        """The agreement that the referral rests on, as rows of title, text, verified, force, source, url."""
        agreement = self.agreement
        if agreement is None:
            return []
        return [
            {
                "title": agreement.name,
                "text": agreement.says,
                "verified": agreement.verified,
                "force": force_sentence(agreement),
                "source": agreement.source,
                "url": reverse("agreements:detail", args=[agreement.code]),
            }
        ]


def hidden_because(actor: Actor, referral: Referral) -> str:
    """The sentence that stands where the clinical content would."""
    if actor.organisation_id != referral.host_facility_id:
        return _(
            "You see that this referral exists, its direction and its state. The patient’s data go only to the "
            "directing side and, with the patient’s consent, to the host hospital."
        )
    given = referral.consent
    if given is not None and given.withdrawn_at is not None:
        return _(
            "The patient has withdrawn the consent, so your hospital doesn’t see the patient’s data any more."
        )
    if given is not None:
        return _(
            "The patient’s consent isn’t valid today, so your hospital doesn’t see the patient’s data. Ask the "
            "directing hospital to record a new consent."
        )
    return _("No consent for your country is recorded, so your hospital doesn’t see the patient’s data.")


def load_case(
    actor: Actor, referral_id: UUID | str, *, recorded: bool = True, now: datetime | None = None
) -> Case:
    """The referral for this reader: at most eight queries, and the audit row of the read. Raises NotKnown.

    Call it once a page view; `recorded=False` is for fragments of a page whose view is in the log already.
    """
    try:
        referral = access.visible_referrals(actor).select_related(*_JOINED).get(pk=referral_id)
    except (Referral.DoesNotExist, ValidationError) as error:
        raise NotKnown() from error
    seen = access.sees_clinical(actor, referral)
    case = Case(
        referral=referral,
        actor=actor,
        clinical=seen,
        now=now or timezone.now(),
        parties=access.parties(actor, referral),
        changes=reading.history_of(referral),
    )
    if seen:
        _load_content(case)
    if recorded:
        record_read(referral=referral, clinical=seen, by=actor)
    return case


def _load_content(case: Case) -> None:
    referral = case.referral
    case.results = reading.latest_results(referral)
    case.evidence = reading.evidence_of(referral)
    case.questions = reading.questions_of(referral)
    case.appointment = reading.active_appointment(referral)
    case.identifiers = reading.identifiers_of(referral)


def home_of(actor: Actor) -> tuple[str, str]:
    """The list from which this reader comes: (address, words of the link back)."""
    if actor.has(Permission.FILE_REFERRALS):
        return reverse("referrals:worklist"), _("My referrals")
    if actor.has(Permission.DECIDE) or actor.has(Permission.COORDINATE):
        return reverse("referrals:decisions"), _("Decisions")
    return reverse("referrals:desk"), _("Sent to us")
