"""The number that a facility gives a referral in its own system."""

from uuid import UUID

from core import record_numbers
from core.actors import Actor
from core.audit.log import record
from core.db import action
from core.errors import Denied
from referrals import access
from referrals.actions.road import lock
from referrals.models import RecordNumber, Referral

__all__ = ["set_record_number"]


@action
def set_record_number(
    referral_id: UUID | str,
    *,
    by: Actor,
    value: str,
    version: int | None = None,
    instead_of: str | None = None,
) -> Referral:
    """Give a referral the actor's facility's own number, in any state; "" takes it away.

    The version stays: for the other side nothing has changed, and it is told nothing. Invalid names `record_number`.
    """
    referral = lock(referral_id, by=by, version=version)
    if by.organisation_id is None or not access.may_number(by, referral):
        raise Denied()
    if record_numbers.keep(
        RecordNumber, by.organisation_id, value, instead_of=instead_of, referral_id=referral.pk
    ):
        record("referral.record_number", by=by, subject=referral, details={"given": bool(value.strip())})
    return referral
