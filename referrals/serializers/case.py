"""A referral's whole case as one answer, in a constant number of queries."""

from copy import copy
from datetime import datetime
from typing import Annotated, Self

from django.utils import timezone

from agreements.serializers import AgreementRef
from core.actors import Actor
from core.api.answers import Answer, OneOf
from core.permissions import Permission
from disclosure.models import DataKind
from facilities.serializers.answers import BASE as FACILITIES
from facilities.serializers.answers import OrganisationRef
from facilities.serializers.crossings import CrossingDayPart, CrossingRef
from patients.serializers.person import BASE as PATIENTS
from referrals import access, foresight, reading
from referrals.events import BY_NAME
from referrals.guards import open_events
from referrals.models import Appointment, Authorisation, Payer, Referral
from referrals.presentation.remedies import Reader
from referrals.presentation.rules import contradiction_words
from referrals.serializers.answers import (
    BASE,
    OWN_NUMBER,
    AppointmentPart,
    AuthorisationPart,
    EmergencyAccessRow,
    Head,
    HistoryRow,
    Money,
    StagePart,
    only_shown,
)
from referrals.serializers.clinical import ClinicalPart, RuleRow
from referrals.states import ACTIVE_STATES, ReferralState


def step_path(event: str) -> str:
    """How a step is written in an address: `record_death` is record-death."""
    return event.replace("_", "-")


def allowed_steps(actor: Actor, referral: Referral) -> list[str]:
    """The steps that the actor may take now, as far as the API offers them: a ministry's stay with people."""
    return [name for name in open_events(actor, referral) if BY_NAME[name].api]


class Links(Answer):
    """Where to go on: the thing itself, the two facilities, and each step that is allowed now."""

    self: str
    patient: str | None
    directing_facility: str
    host_facility: str | None
    papers: Annotated[
        str | None, "Certificate, letters and journey to print, for who sees the patient's data."
    ]
    steps: Annotated[dict[str, str], "By the name of the event, the address to which it is sent."]

    @classmethod
    def of(cls, actor: Actor, referral: Referral, allowed: list[str]) -> Self:
        own = f"{BASE}{referral.pk}/"
        sees_patient = (
            actor.has(Permission.SEE_PATIENTS) and actor.organisation_id == referral.directing_facility_id
        )
        host = referral.host_facility_id
        return cls(
            self=own,
            patient=f"{PATIENTS}{referral.patient_id}/" if sees_patient else None,
            directing_facility=f"{FACILITIES}{referral.directing_facility_id}/",
            host_facility=f"{FACILITIES}{host}/" if host else None,
            papers=f"{own}papers/" if access.sees_clinical(actor, referral) else None,
            steps={event: f"{own}{step_path(event)}/" for event in allowed},
        )


def _warnings(referral: Referral, ahead: list[RuleRow], appointment: Appointment | None) -> list[str]:
    starts = appointment.period.lower if appointment else None
    against = contradiction_words(foresight.contradiction(referral, timezone.now(), starts), referral)
    found = [row.sentence for row in ahead]
    return [against, *found] if against else found


class UnderWay(Answer):
    """Another referral of the same patient: filed, and not over."""

    number: str
    state: Annotated[str, OneOf(ReferralState)]
    state_display: str
    self: str

    @classmethod
    def of(cls, referral: Referral) -> Self:
        """A referral as a row of its own."""
        return cls(
            number=referral.number or "",
            state=str(referral.state),
            state_display=referral.get_state_display(),
            self=f"{BASE}{referral.pk}/",
        )


def _under_way(actor: Actor, referral: Referral) -> list[UnderWay]:
    if referral.state != ReferralState.DRAFT:
        return []
    page = reading.open_of_patient(actor, referral.patient_id, states=ACTIVE_STATES)
    return [UnderWay.of(row) for row in page.items]


#: Parts of a case that follow from the others, from the time and from the rules.
_WORKED_OUT = ("updated_at", "warnings", "ahead", "allowed", "links")


class ReferralCase(Head):
    """A referral with everything that the reader may know of it."""

    record_number: Annotated[str, OWN_NUMBER]
    over_at: datetime | None
    filed_by: str
    directing_facility: OrganisationRef
    host_facility: OrganisationRef | None
    crossing: CrossingRef | None
    crossing_on_day: Annotated[CrossingDayPart | None, "On the day of the appointment, else of the need."]
    distance_km: int | None
    agreement: AgreementRef | None
    authorisation: AuthorisationPart | None
    stages: Annotated[list[StagePart], "The bodies that approve one after another, where there are several."]
    payer: Annotated[str, OneOf((*Payer, ""))]
    payer_note: str
    estimate: Money | None
    appointment: AppointmentPart | None
    clinical_content: bool
    kinds: Annotated[list[str], "The kinds of the patient's data that the reader sees."]
    former_since: Annotated[
        datetime | None,
        "For a hospital that had it before it went elsewhere: since when. State and history are what it keeps.",
    ]
    emergency_accesses: Annotated[
        list[EmergencyAccessRow], "Who opened it in an emergency, although the consent hid it."
    ]
    clinical: ClinicalPart | None
    warnings: Annotated[
        list[str],
        "A day of need that contradicts the limits or the appointment; of a draft also what the rules will say.",
    ]
    ahead: Annotated[list[RuleRow], "Of a draft: what the rules will find that somebody must see to."]
    under_way: Annotated[
        list[UnderWay],
        "Of a draft: what is under way for the patient already. For the same care a second one can’t be filed.",
    ]
    history: list[HistoryRow]
    allowed: list[str]
    links: Links

    def decided(self) -> Self:
        """The case without what the portal works out by itself, and may have worked out anew under a reader's hands."""
        part = copy(self)
        for name in _WORKED_OUT:
            setattr(part, name, None)
        if self.clinical is not None:
            part.clinical = copy(self.clinical)  # type: ignore[misc]
            part.clinical.check = None  # type: ignore[misc]
        return part

    @classmethod
    def of(cls, actor: Actor, referral: Referral) -> Self:
        """Everything of the referral that the actor may know."""
        kinds = access.kinds_seen(actor, referral)
        clinical = DataKind.CARE in kinds
        reader = Reader.of(actor, referral)
        preview = foresight.preview(referral) if clinical else []
        ahead = [RuleRow.of(row, referral, reader) for row in preview]
        answered = access.sees_answer(actor, referral)
        allowed = allowed_steps(actor, referral)
        host, crossing, agreement = referral.host_facility, referral.crossing, referral.agreement_version
        authorisation: Authorisation | None = getattr(referral, "authorisation", None)
        appointment = reading.active_appointment(referral) if answered else None
        starts_at = appointment.period.lower if appointment else None
        found = reading.crossing_day(referral, reading.hours_of(referral), starts_at) if clinical else None
        accesses = [
            EmergencyAccessRow.of(row, said=access.sees_said(actor, referral, row))
            for row in (reading.accesses_of(referral) if referral.emergency_opened_at else ())
        ]
        whole = cls.filled(
            referral,
            id=referral.pk,
            record_number=reading.record_number_of(referral, actor),
            state=str(referral.state),
            state_display=referral.get_state_display(),
            priority_display=referral.get_priority_display(),
            reply_due_at=referral.host_reply_due_at,
            filed_by=referral.filed_by_label,
            directing_facility=OrganisationRef.of(referral.directing_facility.organisation),
            host_facility=OrganisationRef.of(host.organisation) if host else None,
            crossing=CrossingRef.of(crossing) if crossing else None,
            crossing_on_day=CrossingDayPart.of(found) if found else None,
            agreement=AgreementRef.of(agreement) if agreement else None,
            authorisation=AuthorisationPart.of(authorisation, kinds) if authorisation else None,
            stages=[StagePart.of(row, clinical=clinical) for row in reading.stages_of(referral)],
            estimate=Money.of(referral.estimate_amount, referral.estimate_currency),
            appointment=AppointmentPart.of(appointment) if appointment else None,
            clinical_content=clinical,
            kinds=[kind for kind in DataKind.values if kind in kinds],
            former_since=referral.former_since,
            emergency_accesses=accesses,
            clinical=ClinicalPart.of(referral, reader, kinds) if clinical else None,
            warnings=_warnings(referral, ahead, appointment) if clinical else [],
            ahead=ahead,
            under_way=_under_way(actor, referral) if clinical else [],
            history=[
                HistoryRow.of(row, reasons=access.sees_reason(actor, row, clinical=clinical))
                for row in reading.history_of(referral)
            ],
            allowed=allowed,
            links=Links.of(actor, referral, allowed),
        )
        # A host reads the date that it named itself, whatever else it may know.
        return only_shown("", kinds, whole, keep={"appointment"} if answered else ())
