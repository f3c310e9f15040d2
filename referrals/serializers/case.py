"""A referral's whole case as one answer, in a constant number of queries."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.actors import Actor
from core.errors import NotKnown
from core.permissions import Permission
from core.prepared import Parameter, lent, prepared, values_of
from facilities.serializers import (
    crossing_ref,
    diagnosis_coding,
    district_coding,
    facility_ref,
    specialty_coding,
)
from patients.serializers import consent_json, coverage_json, identifier_json, person_json
from referrals import access, reading, wording
from referrals.events import BY_NAME
from referrals.guards import open_events
from referrals.models import Authorisation, DischargeSummary, Referral, RuleResult
from referrals.serializers.answers import DECISION_REASONS

BASE = "/api/v1/referrals/"

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


def case_json(actor: Actor, referral: Referral) -> dict[str, Any]:
    """Everything of the referral that the actor may know."""
    clinical = access.sees_clinical(actor, referral)
    # The host's ministry knows that the referral exists, its direction and its state, and no more.
    involved = clinical or actor.organisation_id == referral.host_facility_id
    allowed = allowed_steps(actor, referral)
    return {
        **_head(referral),
        "agreement": _agreement(referral),
        "authorisation": _authorisation(referral, clinical),
        "payer": referral.payer if involved else "",
        "payer_note": referral.payer_note if involved else "",
        "estimate": money(referral.estimate_amount, referral.estimate_currency) if involved else None,
        "appointment": _appointment(referral) if involved else None,
        "clinical_content": clinical,
        "clinical": _clinical(referral) if clinical else None,
        "history": _history(referral, clinical),
        "allowed": allowed,
        "links": _links(actor, referral, allowed),
    }


def allowed_steps(actor: Actor, referral: Referral) -> list[str]:
    """The steps that the actor may take now, as far as the API offers them: a ministry's stay with people."""
    return [name for name in open_events(actor, referral) if BY_NAME[name].api]


def money(amount: Any, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": str(amount), "currency": currency}


def _head(referral: Referral) -> dict[str, Any]:
    return {
        "id": referral.pk,
        "number": referral.number,
        "version": referral.version,
        "state": str(referral.state),
        "state_display": referral.get_state_display(),
        "state_since": referral.state_since,
        "priority": referral.priority,
        "priority_display": referral.get_priority_display(),
        "created_at": referral.created_at,
        "updated_at": referral.updated_at,
        "submitted_at": referral.submitted_at,
        "sent_at": referral.sent_at,
        "reply_due_at": referral.host_reply_due_at,
        "over_at": referral.over_at,
        "filed_by": referral.filed_by_label,
        "directing_facility": facility_ref(referral.directing_facility),
        "host_facility": facility_ref(referral.host_facility),
        "crossing": crossing_ref(referral.crossing),
        "distance_km": referral.distance_km,
    }


def _agreement(referral: Referral) -> dict[str, Any] | None:
    agreement = referral.agreement
    if agreement is None:
        return None
    return {"code": agreement.code, "name": agreement.name, "verified": agreement.verified}


def _authorisation(referral: Referral, clinical: bool) -> dict[str, Any] | None:
    row: Authorisation | None = getattr(referral, "authorisation", None)
    if row is None:
        return None
    reason = (
        {"code": row.reason_code, "display": str(DECISION_REASONS[row.reason_code])}
        if row.reason_code
        else None
    )
    return {
        "state": str(row.state),
        "state_display": row.get_state_display(),
        "due_at": row.due_at,
        "stopped_at": row.stopped_at,
        "decided_at": row.decided_at,
        "decided_by": row.decided_by_label,
        "reason": reason,
        # An officer's words and an appeal speak of the patient.
        "reason_text": row.reason_text if clinical else "",
        "care": row.care_text if clinical else "",
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "ceiling": money(row.ceiling_amount, row.ceiling_currency),
        "appeal_due_at": row.appeal_due_at,
        "appeal_text": row.appeal_text if clinical else "",
    }


def _appointment(referral: Referral) -> dict[str, Any] | None:
    row = reading.active_appointment(referral)
    if row is None:
        return None
    return {
        "starts_at": row.period.lower,
        "ends_at": row.period.upper,
        "place": row.place,
        "note": row.note,
        "confirmed": row.confirmed,
        "offered_at": row.offered_at,
        "offered_by": row.offered_by_label,
    }


def _clinical(referral: Referral) -> dict[str, Any]:
    patient = referral.patient
    return {
        "patient": {
            **person_json(patient),
            "identifiers": [identifier_json(row) for row in reading.identifiers_of(referral)],
        },
        "specialty": specialty_coding(referral.specialty),
        "service": referral.service,
        "care_mode": referral.care_mode,
        "diagnosis": diagnosis_coding(
            referral.diagnosis, referral.diagnosis_system, referral.diagnosis_version
        ),
        "clinical_reason": referral.clinical_reason,
        "goal": referral.goal,
        "triage_note": referral.triage_note,
        "emergency_ground": referral.emergency_ground,
        "needed_by": referral.needed_by,
        "needed_by_reason": referral.needed_by_reason,
        "residence_district": district_coding(referral.residence_district),
        "consent": consent_json(referral.consent) if referral.consent else None,
        "coverages": [coverage_json(row) for row in reading.coverages_of(referral)],
        "evidence": [
            {
                "kind": row.kind,
                "dated_on": row.dated_on,
                "author": row.author,
                "text": row.text,
                "recorded_at": row.recorded_at,
            }
            for row in reading.evidence_of(referral)
        ],
        "check": _check(referral),
        "information_requests": _questions(referral),
        "discharge_summary": _summary(referral),
    }


def _check(referral: Referral) -> dict[str, Any] | None:
    results = reading.latest_results(referral)
    if not results:
        return None
    check = results[0].check_run
    return {
        "checked_at": check.checked_at,
        "rule_set_version": check.rule_set_version,
        "agreement": check.agreement_code,
        "recommendation": check.recommendation,
        "recommendation_display": check.get_recommendation_display(),
        "results": [_rule(row) for row in results],
    }


def _rule(row: RuleResult) -> dict[str, Any]:
    words = wording.describe(row)
    return {
        "rule": words.code,
        "title": words.title,
        "outcome": words.outcome,
        "outcome_display": words.outcome_label,
        "blocking": words.blocking,
        "sentence": words.sentence,
        "remedy": words.remedy,
        "basis": words.basis,
        "evidence": words.evidence,
    }


def _questions(referral: Referral) -> list[dict[str, Any]]:
    rounds: dict[int, dict[str, Any]] = {}
    for row in reading.questions_of(referral):
        request = row.request
        part = rounds.setdefault(
            request.pk,
            {
                "asked_at": request.asked_at,
                "asked_by": request.asked_by_label,
                "answered_at": request.answered_at,
                "answered_by": request.answered_by_label,
                "questions": [],
            },
        )
        part["questions"].append({"question": row.position, "text": row.text, "answer": row.answer})
    return list(rounds.values())


def _summary(referral: Referral) -> dict[str, Any] | None:
    row: DischargeSummary | None = getattr(referral, "discharge_summary", None)
    if row is None:
        return None
    return {
        "admitted_on": row.admitted_on,
        "discharged_on": row.discharged_on,
        "care_given": row.care_given,
        "outcome": row.outcome,
        "advice": row.advice,
        "written_by": row.written_by_label,
        "written_at": row.written_at,
    }


def _history(referral: Referral, clinical: bool) -> list[dict[str, Any]]:
    return [
        {
            "at": row.at,
            "machine": row.machine,
            "event": row.event,
            "from_state": row.from_state,
            "to_state": row.to_state,
            "by": row.by_label,
            "organisation": row.by_organisation,
            "reason_code": row.reason_code,
            "reason_text": row.reason_text if clinical else "",
        }
        for row in reading.history_of(referral)
    ]


def _links(actor: Actor, referral: Referral, allowed: list[str]) -> dict[str, Any]:
    own = f"{BASE}{referral.pk}/"
    sees_patient = (
        actor.has(Permission.SEE_PATIENTS) and actor.organisation_id == referral.directing_facility_id
    )
    host = referral.host_facility_id
    return {
        "self": own,
        "patient": f"/api/v1/patients/{referral.patient_id}/" if sees_patient else None,
        "directing_facility": f"/api/v1/facilities/{referral.directing_facility_id}/",
        "host_facility": f"/api/v1/facilities/{host}/" if host else None,
        "steps": {event: f"{own}{step_path(event)}/" for event in allowed},
    }
