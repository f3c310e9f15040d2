"""Placing a legal hold, and lifting it."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import REFUSALS, Gone, IllegalTransition, Invalid, Text
from core.walls.session import reaching
from patients.models import HoldGround, LegalHold, Patient
from patients.standing import standing_id
from referrals.models import Referral
from retention import access
from retention.actions.common import label_of, said, trace
from retention.due import plan_of

LONGEST_REASON = 500
_NOBODY = _("There is no such referral or record that concerns your country. Check the number.")
REFUSALS["record_was_erased"] = Gone(
    _("The record of this patient was erased. Nothing of it is left to show.")
)


@action
def place_hold(*, by: Actor, reference: str, ground: str, reason: str) -> LegalHold:
    """Have nothing erased of the patient of a referral (its number or id) or of a record (its id).

    Raises Denied, Gone where the record was erased, Invalid with `reference`, `ground`, `reason`.
    """
    access.require_keeper(by)
    errors: dict[str, list[Text]] = {}
    patient_id = _record_of(reference.strip())
    plan = plan_of(patient_id, timezone.now(), on_request=False) if patient_id else None
    if plan is None or by.country not in plan.countries:
        errors["reference"] = [_NOBODY]
    if ground not in HoldGround.values:
        errors["ground"] = [_("Choose one of the grounds.")]
    reason = said("reason", reason, LONGEST_REASON, _("Say why, for whoever has to lift it."), errors)
    if errors or plan is None:
        raise Invalid(errors)
    assert by.user_id is not None, "only a person keeps data"
    row = LegalHold.objects.create(
        patient_id=plan.record_id,
        country_id=by.country,
        ground=ground,
        reason=reason,
        placed_by_id=by.user_id,
        placed_by_label=label_of(by),
        placed_at=timezone.now(),
    )
    trace("patient.hold_placed", row, plan.countries, by, {"patient": str(plan.record_id), "ground": ground})
    return row


@reaching("identity")
def _record_of(reference: str) -> UUID | None:
    """The record of whom a reference speaks."""
    try:
        key = UUID(reference)
    except ValueError:
        rows = Referral.objects.filter(number=reference[:20].upper(), erased_at__isnull=True)
        found = rows.values_list("patient_id", flat=True).first()
    else:
        found = Referral.objects.filter(pk=key).values_list("patient_id", flat=True).first()
        found = found or Patient.objects.filter(pk=key).values_list("pk", flat=True).first()
    return standing_id(found) if found else None


@action
def lift_hold(*, by: Actor, hold_id: int, reason: str) -> LegalHold:
    """Let what was held be erased again. Raises Denied, NotKnown, IllegalTransition, Invalid with `reason`."""
    found = access.get_hold(by, hold_id)
    row = LegalHold.objects.select_for_update().get(pk=found.pk)
    if row.lifted_at is not None:
        raise IllegalTransition(_("This hold was lifted already."), code="lifted")
    errors: dict[str, list[Text]] = {}
    reason = said("reason", reason, LONGEST_REASON, _("Say why it is lifted."), errors)
    if errors:
        raise Invalid(errors)
    row.lifted_at, row.lifted_by_label, row.lift_reason = timezone.now(), label_of(by), reason
    row.save(update_fields=["lifted_at", "lifted_by_label", "lift_reason"])
    plan = plan_of(row.patient_id, timezone.now(), on_request=False)
    countries = plan.countries if plan else set()
    trace("patient.hold_lifted", row, countries, by, {"patient": str(row.patient_id)})
    return row
