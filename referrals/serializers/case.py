"""A referral's whole case as one answer, in a constant number of queries."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from django.db.models import QuerySet

from agreements.serializers import AgreementRef
from core.actors import Actor
from core.api.answers import Answer, OneOf
from core.errors import NotKnown
from core.permissions import Permission
from core.prepared import Parameter, lent, prepared, values_of
from facilities.serializers.answers import BASE as FACILITIES
from facilities.serializers.answers import CrossingRef, OrganisationRef
from patients.serializers.answers import BASE as PATIENTS
from referrals import access, reading
from referrals.events import BY_NAME
from referrals.guards import open_events
from referrals.models import Authorisation, Payer, Referral
from referrals.serializers.answers import (
    BASE,
    AppointmentPart,
    AuthorisationPart,
    Head,
    HistoryRow,
    Money,
)
from referrals.serializers.clinical import ClinicalPart

# Long texts of joined rows that only a search or a reload of the reference data needs.
_NOT_SHOWN = (
    "draft_text",
    "agreement__loaded_values",
    "agreement__rules",
    "agreement__says_in",
    "crossing__loaded_values",
    "crossing__sources",
    "diagnosis__loaded_values",
    "diagnosis__search",
    "specialty__loaded_values",
    "specialty__name_sources",
    "residence_district__loaded_values",
    "patient__residence_district__loaded_values",
    "patient__citizenship__loaded_values",
    *(
        f"{side}_facility__{name}"
        for side in ("directing", "host")
        for name in (
            "loaded_values",
            "search",
            "source",
            "note",
            "stated_services",
            "organisation__loaded_values",
        )
    ),
)


def step_path(event: str) -> str:
    """How a step is written in an address: `record_death` is record-death."""
    return event.replace("_", "-")


def load(actor: Actor, referral_id: UUID) -> Referral:
    """The referral with what its case shows of it joined (one query). Raises NotKnown."""
    found = prepared(_whole, lent(actor)).first(referral=referral_id, **values_of(actor))
    if found is None:
        raise NotKnown()
    return found


def _whole(actor: Actor) -> QuerySet[Referral]:
    rows = access.with_case(access.visible_referrals(actor)).select_related(
        "agreement", "residence_district", "patient__citizenship", "discharge_summary"
    )
    return rows.defer(*_NOT_SHOWN).filter(pk=Parameter("referral")).order_by()


def complete(referral: Referral) -> Referral:
    """A referral that was written just now, with what its case shows and its writing had no need of (one query)."""
    referral.directing_facility = reading.directing_facility_of(referral)
    for name in ("authorisation", "discharge_summary"):
        relation: Any = Referral._meta.get_field(name)
        if not relation.is_cached(referral):
            relation.set_cached_value(referral, None)  # known to be missing, so nobody asks
    return referral


def allowed_steps(actor: Actor, referral: Referral) -> list[str]:
    """The steps that the actor may take now, as far as the API offers them: a ministry's stay with people."""
    return [name for name in open_events(actor, referral) if BY_NAME[name].api]


class Links(Answer):
    """Where to go on: the thing itself, the two facilities, and each step that is allowed now."""

    self: str
    patient: str | None
    directing_facility: str
    host_facility: str | None
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
            steps={event: f"{own}{step_path(event)}/" for event in allowed},
        )


class ReferralCase(Head):
    """A referral with everything that the reader may know of it."""

    over_at: datetime | None
    filed_by: str
    directing_facility: OrganisationRef
    host_facility: OrganisationRef | None
    crossing: CrossingRef | None
    distance_km: int | None
    agreement: AgreementRef | None
    authorisation: AuthorisationPart | None
    payer: Annotated[str, OneOf((*Payer, ""))]
    payer_note: str
    estimate: Money | None
    appointment: AppointmentPart | None
    clinical_content: bool
    clinical: ClinicalPart | None
    history: list[HistoryRow]
    allowed: list[str]
    links: Links

    @classmethod
    def of(cls, actor: Actor, referral: Referral) -> Self:
        """Everything of the referral that the actor may know."""
        clinical = access.sees_clinical(actor, referral)
        # The host's ministry knows that the referral exists, its direction and its state, and no more.
        involved = clinical or actor.organisation_id == referral.host_facility_id
        allowed = allowed_steps(actor, referral)
        host, crossing, agreement = referral.host_facility, referral.crossing, referral.agreement
        authorisation: Authorisation | None = getattr(referral, "authorisation", None)
        appointment = reading.active_appointment(referral) if involved else None
        return cls.filled(
            referral,
            id=referral.pk,
            state=str(referral.state),
            state_display=referral.get_state_display(),
            priority_display=referral.get_priority_display(),
            reply_due_at=referral.host_reply_due_at,
            filed_by=referral.filed_by_label,
            directing_facility=OrganisationRef.of(referral.directing_facility.organisation),
            host_facility=OrganisationRef.of(host.organisation) if host else None,
            crossing=CrossingRef.of(crossing) if crossing else None,
            agreement=AgreementRef.filled(agreement) if agreement else None,
            authorisation=AuthorisationPart.of(authorisation, clinical=clinical) if authorisation else None,
            payer=referral.payer if involved else "",
            payer_note=referral.payer_note if involved else "",
            estimate=Money.of(referral.estimate_amount, referral.estimate_currency) if involved else None,
            appointment=AppointmentPart.of(appointment) if appointment else None,
            clinical_content=clinical,
            clinical=ClinicalPart.of(referral) if clinical else None,
            history=[HistoryRow.of(row, clinical=clinical) for row in reading.history_of(referral)],
            allowed=allowed,
            links=Links.of(actor, referral, allowed),
        )
