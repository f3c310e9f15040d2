"""Descriptions of what is answered about referrals, for the schema; the answers are held against them by tests."""

from rest_framework import serializers

from agreements.serializers import AgreementRef
from facilities.serializers import Coding, CrossingRef, DiagnosisCoding, DistrictCoding, OrganisationRef
from patients.serializers import ConsentRow, CoverageRow, Person
from referrals.models import (
    CareMode,
    DecisionReason,
    EvidenceItem,
    Machine,
    Outcome,
    Payer,
    Priority,
    Recommendation,
)
from referrals.states import AuthorisationState, ReferralState

_STATES = [state.value for state in ReferralState]
_AUTHORISATIONS = [state.value for state in AuthorisationState]


class Money(serializers.Serializer):
    """An amount and its currency (ISO 4217)."""

    amount = serializers.CharField()
    currency = serializers.CharField()


class PatientName(serializers.Serializer):
    """Whom a referral in a list is about."""

    id = serializers.UUIDField()
    family_name = serializers.CharField()
    given_name = serializers.CharField()
    patronymic = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.CharField()


class ReferralRow(serializers.Serializer):
    """A referral in a list. Without `clinical_content` the reader isn't told whom and what it is about."""

    id = serializers.UUIDField(required=False)
    number = serializers.CharField(allow_null=True, required=False)
    version = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(choices=_STATES, required=False)
    state_display = serializers.CharField(required=False)
    state_since = serializers.DateTimeField(required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    priority_display = serializers.CharField(required=False)
    created_at = serializers.DateTimeField(required=False)
    updated_at = serializers.DateTimeField(required=False)
    submitted_at = serializers.DateTimeField(allow_null=True, required=False)
    sent_at = serializers.DateTimeField(allow_null=True, required=False)
    reply_due_at = serializers.DateTimeField(allow_null=True, required=False)
    decision_due_at = serializers.DateTimeField(allow_null=True, required=False)
    over_at = serializers.DateTimeField(allow_null=True, required=False)
    directing_facility = OrganisationRef(required=False)
    host_facility = OrganisationRef(allow_null=True, required=False)
    authorisation = serializers.ChoiceField(choices=_AUTHORISATIONS, allow_null=True, required=False)
    clinical_content = serializers.BooleanField(required=False)
    patient = PatientName(allow_null=True, required=False)
    specialty = Coding(allow_null=True, required=False)
    diagnosis = DiagnosisCoding(allow_null=True, required=False)
    needed_by = serializers.DateField(allow_null=True, required=False)
    self = serializers.CharField(required=False)


ROW_FIELDS = frozenset(ReferralRow().fields)


class ReasonCode(serializers.Serializer):
    code = serializers.CharField()
    display = serializers.CharField()


class AuthorisationPart(serializers.Serializer):
    """The directing ministry's authorisation."""

    state = serializers.ChoiceField(choices=_AUTHORISATIONS)
    state_display = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField()
    reason = ReasonCode(allow_null=True)
    reason_text = serializers.CharField()
    care = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    ceiling = Money(allow_null=True)
    appeal_due_at = serializers.DateTimeField(allow_null=True)
    appeal_text = serializers.CharField()


class EvidenceRow(serializers.Serializer):
    """A document's content."""

    kind = serializers.ChoiceField(choices=EvidenceItem.Kind.choices)
    dated_on = serializers.DateField()
    author = serializers.CharField()
    text = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class RuleRow(serializers.Serializer):
    """One rule's outcome in words, and what to do about it."""

    rule = serializers.CharField()
    title = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    outcome_display = serializers.CharField()
    blocking = serializers.BooleanField()
    sentence = serializers.CharField()
    remedy = serializers.CharField()
    basis = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())


class CheckPart(serializers.Serializer):
    """The latest eligibility check. It recommends; a named officer decides."""

    checked_at = serializers.DateTimeField()
    rule_set_version = serializers.CharField()
    agreement = serializers.CharField()
    recommendation = serializers.ChoiceField(choices=Recommendation.choices)
    recommendation_display = serializers.CharField()
    results = RuleRow(many=True)


class QuestionRow(serializers.Serializer):
    question = serializers.IntegerField()
    text = serializers.CharField()
    answer = serializers.CharField()


class InformationRow(serializers.Serializer):
    """One round of the ministry's questions."""

    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField()
    questions = QuestionRow(many=True)


class AppointmentPart(serializers.Serializer):
    """The date that the host offers or has confirmed."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField()
    note = serializers.CharField()
    confirmed = serializers.BooleanField()
    offered_at = serializers.DateTimeField()
    offered_by = serializers.CharField()


class DischargePart(serializers.Serializer):
    """The discharge summary."""

    admitted_on = serializers.DateField()
    discharged_on = serializers.DateField()
    care_given = serializers.CharField()
    outcome = serializers.CharField()
    advice = serializers.CharField()
    written_by = serializers.CharField()
    written_at = serializers.DateTimeField()


class HistoryRow(serializers.Serializer):
    """One change of state."""

    at = serializers.DateTimeField()
    machine = serializers.ChoiceField(choices=Machine.choices)
    event = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    by = serializers.CharField()
    organisation = serializers.CharField()
    reason_code = serializers.CharField()
    reason_text = serializers.CharField()


class ClinicalPart(serializers.Serializer):
    """Whom the referral is about and why: for those only who may read it."""

    patient = Person()
    specialty = Coding(allow_null=True)
    service = serializers.CharField()
    care_mode = serializers.ChoiceField(choices=CareMode.choices, allow_blank=True)
    diagnosis = DiagnosisCoding(allow_null=True)
    clinical_reason = serializers.CharField()
    goal = serializers.CharField()
    triage_note = serializers.CharField()
    emergency_ground = serializers.CharField()
    needed_by = serializers.DateField(allow_null=True)
    needed_by_reason = serializers.CharField()
    residence_district = DistrictCoding(allow_null=True)
    consent = ConsentRow(allow_null=True)
    coverages = CoverageRow(many=True)
    evidence = EvidenceRow(many=True)
    check = CheckPart(allow_null=True)
    information_requests = InformationRow(many=True)
    discharge_summary = DischargePart(allow_null=True)


class Links(serializers.Serializer):
    """Where to go on: the thing itself, the two facilities, and each step that is allowed now."""

    self = serializers.CharField()
    patient = serializers.CharField(allow_null=True)
    directing_facility = serializers.CharField()
    host_facility = serializers.CharField(allow_null=True)
    steps = serializers.DictField(child=serializers.CharField())


class ReferralCase(serializers.Serializer):
    """A referral with everything that the reader may know of it."""

    id = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=_STATES)
    state_display = serializers.CharField()
    state_since = serializers.DateTimeField()
    priority = serializers.ChoiceField(choices=Priority.choices)
    priority_display = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    reply_due_at = serializers.DateTimeField(allow_null=True)
    over_at = serializers.DateTimeField(allow_null=True)
    filed_by = serializers.CharField()
    directing_facility = OrganisationRef()
    host_facility = OrganisationRef(allow_null=True)
    crossing = CrossingRef(allow_null=True)
    distance_km = serializers.IntegerField(allow_null=True)
    agreement = AgreementRef(allow_null=True)
    authorisation = AuthorisationPart(allow_null=True)
    payer = serializers.ChoiceField(choices=Payer.choices, allow_blank=True)
    payer_note = serializers.CharField()
    estimate = Money(allow_null=True)
    appointment = AppointmentPart(allow_null=True)
    clinical_content = serializers.BooleanField()
    clinical = ClinicalPart(allow_null=True)
    history = HistoryRow(many=True)
    allowed = serializers.ListField(child=serializers.CharField())
    links = Links()


DECISION_REASONS = dict(DecisionReason.choices)
