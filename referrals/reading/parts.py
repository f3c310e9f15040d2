"""Reading the parts of a referral that its reader was shown, each in one query."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.prepared import Parameter, lent, prepared, values_of
from facilities.models import CrossingHours, Facility
from patients.known import known_to
from patients.models import Coverage, Identifier
from referrals import access
from referrals.models import (
    Appointment,
    AuthorisationStage,
    Consilium,
    EligibilityCheck,
    EmergencyAccess,
    EvidenceItem,
    Question,
    RecordNumber,
    Referral,
    RuleResult,
    StatusChange,
)
from referrals.states import UNTOUCHED_STATES

_REFERRAL, _PATIENT, _FACILITY = Parameter("referral"), Parameter("patient"), Parameter("facility")


def latest_results(referral: Referral) -> list[RuleResult]:
    """The outcomes of the latest eligibility check, in the rules' order, with the check joined."""
    if referral.state in UNTOUCHED_STATES:
        return []
    return prepared(_latest_results).rows(referral=referral.pk)


def questions_of(referral: Referral) -> list[Question]:
    """Every question that the ministry asked, round by round, with its round joined."""
    if referral.state in UNTOUCHED_STATES:
        return []
    return prepared(_questions).rows(referral=referral.pk)


def active_appointment(referral: Referral) -> Appointment | None:
    """The date that the host offers or has confirmed."""
    if referral.state in UNTOUCHED_STATES:
        return None
    return prepared(_active_appointment).first(referral=referral.pk)


def evidence_of(referral: Referral) -> list[EvidenceItem]:
    """The evidence, the newest first."""
    if referral.known_evidence is not None:
        return referral.known_evidence
    return prepared(_evidence).rows(referral=referral.pk)


def consilia_of(referral: Referral) -> list[Consilium]:
    """The records of consilia, the latest first."""
    return prepared(_consilia).rows(referral=referral.pk)


def _consilia() -> QuerySet[Consilium]:
    return Consilium.objects.filter(referral_id=_REFERRAL).order_by("-held_on", "-pk")


def hours_of(referral: Referral) -> list[CrossingHours]:
    """What dated sources say of the hours of the crossing on the way."""
    if referral.crossing_id is None:
        return []
    return prepared(_hours).rows(crossing=referral.crossing_id)


def _hours() -> QuerySet[CrossingHours]:
    found = CrossingHours.objects.filter(crossing_id=Parameter("crossing")).order_by("-as_of", "pk")
    return found.defer("loaded_values", "words")


def has_report() -> Exists:
    """For `annotate`: whether there is any evidence, which the pages of the filing ask."""
    return Exists(EvidenceItem.objects.filter(referral_id=OuterRef("pk")))


def history_of(referral: Referral) -> list[StatusChange]:
    """Every change of state of both machines, the oldest first."""
    if referral.known_history is not None:
        return referral.known_history
    return prepared(_history).rows(referral=referral.pk)


def identifiers_of(referral: Referral) -> list[Identifier]:
    """The patient's identity numbers that the directing facility knows, in the order in which they were recorded."""
    return prepared(_identifiers).rows(patient=referral.patient_id, facility=referral.directing_facility_id)


def coverages_of(referral: Referral) -> list[Coverage]:
    """The patient's coverages that the directing facility knows, the latest first, with their funds joined."""
    return prepared(_coverages).rows(patient=referral.patient_id, facility=referral.directing_facility_id)


def stages_of(referral: Referral) -> list[AuthorisationStage]:
    """The bodies of its chain in their order, with their names; nothing where one ministry decides alone."""
    authorisation = getattr(referral, "authorisation", None)
    if authorisation is None or (authorisation.stages_in_all < 2 and authorisation.signed_by_id is None):
        return []
    return prepared(_stages).rows(referral=referral.pk)


def _stages() -> QuerySet[AuthorisationStage]:
    rows = AuthorisationStage.objects.filter(referral_id=_REFERRAL).select_related("country", "organisation")
    return rows.order_by("position", "pk")


def accesses_of(referral: Referral) -> list[EmergencyAccess]:
    """Who opened the referral in an emergency, the newest first, with their hospital joined."""
    return prepared(_accesses).rows(referral=referral.pk)


def is_open_to(actor: Actor, referral: Referral) -> bool:
    """Whether an emergency access of this person is open now. It is theirs alone, at the hospital that has the case."""
    if actor.kind != "person" or actor.user_id is None or actor.organisation_id != referral.host_facility_id:
        return False
    rows = EmergencyAccess.objects.filter(
        referral_id=referral.pk, user_id=actor.user_id, facility_id=actor.organisation_id
    )
    return rows.filter(opened_at__lte=timezone.now(), until__gt=timezone.now()).exists()


def record_number_of(referral: Referral, actor: Actor) -> str:
    """The number that the reader's own organisation gave it, "" for none."""
    found = prepared(_record_number, lent(actor)).first(referral=referral.pk, **values_of(actor))
    return found[0] if found else ""


def _record_number(actor: Actor) -> QuerySet[RecordNumber, Any]:
    return access.record_numbers(actor).filter(referral_id=_REFERRAL).values_list("value")


def complete(referral: Referral) -> Referral:
    """A referral that was written just now, with what its case shows and its writing had no need of (one query)."""
    referral.directing_facility = prepared(_facility).rows(facility=referral.directing_facility_id)[0]
    for name in ("authorisation", "discharge_summary"):
        relation: Any = Referral._meta.get_field(name)
        if not relation.is_cached(referral):
            relation.set_cached_value(referral, None)  # known to be missing, so nobody asks
    return referral


def _facility() -> QuerySet[Facility]:
    own = Facility.objects.filter(pk=Parameter("facility")).select_related("organisation").order_by()
    return own.only(
        "organisation__code",
        "organisation__country",
        "organisation__name",
        "organisation__names",
        "organisation__told_apart_by",
    )


def _accesses() -> QuerySet[EmergencyAccess]:
    rows = EmergencyAccess.objects.filter(referral_id=_REFERRAL).select_related("facility__organisation")
    return rows.order_by("-opened_at", "-id")


def _latest_results() -> QuerySet[RuleResult]:
    latest = EligibilityCheck.objects.filter(referral_id=_REFERRAL).order_by("-id").values("pk")[:1]
    return (
        RuleResult.objects.filter(check_run__in=latest).select_related("check_run").order_by("position", "id")
    )


def _questions() -> QuerySet[Question]:
    rows: QuerySet[Question, Any] = Question.objects.filter(request__referral_id=_REFERRAL)
    return rows.select_related("request").order_by("request_id", "position", "id")


def _active_appointment() -> QuerySet[Appointment]:
    return Appointment.objects.filter(referral_id=_REFERRAL, active=True).order_by()


def _evidence() -> QuerySet[EvidenceItem]:
    return EvidenceItem.objects.filter(referral_id=_REFERRAL)


def _history() -> QuerySet[StatusChange]:
    return StatusChange.objects.filter(referral_id=_REFERRAL).order_by("id")


def _identifiers() -> QuerySet[Identifier]:
    return Identifier.objects.filter(known_to(_FACILITY, Identifier), patient_id=_PATIENT)


def _coverages() -> QuerySet[Coverage]:
    return (
        Coverage.objects.current()
        .filter(known_to(_FACILITY, Coverage), patient_id=_PATIENT)
        .select_related("fund")
        .defer("fund__loaded_values")
    )
