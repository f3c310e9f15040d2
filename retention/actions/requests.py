"""A patient asks for erasure, and the ministry decides: what may go goes, or nothing does, with the reason."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import Denied, IllegalTransition, Invalid, Text
from core.outbox.publish import publish
from patients import access as patients
from patients.actions import AskedBy
from patients.known import require_recorder
from retention import access
from retention.actions.common import label_of, said, trace
from retention.due import plan_of
from retention.events import ASKED, GRANTED, REFUSED
from retention.models import OPEN, Erasure, Origin, Refusal, State

LONGEST_REASON = 1000
VERDICTS = ("erase", "refuse")


@action
def ask_erasure(*, by: Actor, patient_id: UUID, asked_by: str) -> Erasure:
    """Record that the patient asks for their data to be erased: the hospital whose record it is passes it on.

    Raises Denied, NotKnown, IllegalTransition while one is open, Invalid with `asked_by`.
    """
    patients.require_write(by)
    patient = patients.get_visible(by, patient_id)
    require_recorder(by, patient)
    if asked_by not in AskedBy.values:
        raise Invalid({"asked_by": [_("Say who asks for the erasure.")]})
    if Erasure.objects.filter(record_id=patient.pk, state__in=OPEN).exists():
        raise IllegalTransition(_("The erasure of these data was asked for already."), code="erasure_open")
    plan = plan_of(patient.pk, timezone.now(), on_request=True)
    assert plan is not None, "who sees a record sees one that stands"
    row = Erasure.objects.create(
        record_id=patient.pk,
        country_id=by.country,
        facility_id=by.organisation_id,
        origin=Origin.REQUEST,
        asked_by=asked_by,
        recorded_by_id=by.user_id,
        recorded_by_label=label_of(by),
        asked_at=timezone.now(),
    )
    trace("patient.erasure_asked", patient, plan.countries, by, {"erasure": row.pk, "asked_by": asked_by})
    publish(ASKED, subject=row, by=by)
    return row


@action
def decide_erasure(
    *, by: Actor, erasure_id: int, verdict: str, refusal: str = "", reason: str = ""
) -> Erasure:
    """Have erased what may go, or refuse with a ground and in words.

    Raises Denied, NotKnown, IllegalTransition for one that was decided, Invalid with `verdict`, `refusal`, `reason`.
    """
    found = access.get_erasure(by, erasure_id)
    row = Erasure.objects.select_for_update().get(pk=found.pk)
    if row.state != State.WAITING:
        raise IllegalTransition(_("This erasure was decided already."), code="decided")
    if row.recorded_by_id is not None and row.recorded_by_id == by.user_id:
        raise Denied(_("You recorded this request, so another person must decide it."), code="own_request")
    now = timezone.now()
    plan = plan_of(row.record_id, now, on_request=row.origin == Origin.REQUEST)
    errors: dict[str, list[Text]] = {}
    if verdict not in VERDICTS:
        errors["verdict"] = [_("Choose one of the two.")]
    elif verdict == "erase" and (plan is None or not plan.anything):
        errors["verdict"] = [
            _("Nothing of it may be erased now. Refuse it, or wait until what stands against it is over.")
        ]
    elif verdict == "refuse":
        if refusal not in Refusal.values:
            errors["refusal"] = [_("Say why nothing is erased.")]
        missing = _("Say in words why: the hospital reads it and tells the patient.")
        reason = said("reason", reason, LONGEST_REASON, missing, errors)
    if errors:
        raise Invalid(errors)
    row.decided_at, row.decided_by_label = now, label_of(by)
    if verdict == "refuse":
        row.state, row.refusal, row.reason = State.REFUSED, refusal, reason
    else:
        row.state = State.GRANTED
    row.save()
    details = {"erasure": row.pk, "verdict": verdict, "refusal": row.refusal}
    trace("patient.erasure_decided", row, plan.countries if plan else (), by, details)
    publish(GRANTED if row.state == State.GRANTED else REFUSED, subject=row, by=by)
    return row
