"""A hospital's answer that came by telephone: the directing ministry records it, with who spoke, when, and what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.db import action
from core.errors import Invalid
from core.phones import phone_error, read_phone
from core.placeholders import names_nobody
from referrals.actions.hosting import DeclineReason, offer
from referrals.actions.road import check, lock, move, require_text
from referrals.models import Referral, StatusChange, TelephoneAnswer
from referrals.states import ReferralEvent

__all__ = ["accept_by_telephone", "decline_by_telephone"]

#: A clock of another computer may run a little ahead.
SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Call:
    spoke_with: str
    phone: str
    spoken_at: datetime
    said: str


@action
def accept_by_telephone(
    referral_id: UUID | str,
    *,
    by: Actor,
    starts_at: datetime,
    ends_at: datetime,
    spoke_with: str,
    phone: str,
    spoken_at: datetime,
    said: str,
    place: str = "",
    note: str = "",
    version: int | None = None,
) -> Referral:
    """Record that the host accepted and offered a date by telephone. Raises as `accept`, Invalid for the call."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.ACCEPT_BY_TELEPHONE, by=by)
    call = _judged(referral, spoke_with, phone, spoken_at, said)
    offer(referral, (starts_at, ends_at), place, note, by=by, confirmed=False, said_at=call.spoken_at)
    _record(referral, call, move(referral, ReferralEvent.ACCEPT_BY_TELEPHONE, by=by))
    return referral


@action
def decline_by_telephone(
    referral_id: UUID | str,
    *,
    by: Actor,
    reason_code: str,
    spoke_with: str,
    phone: str,
    spoken_at: datetime,
    said: str,
    version: int | None = None,
) -> Referral:
    """Record that the host declined by telephone, with its reason. Raises as `decline`, Invalid for the call."""
    referral = lock(referral_id, by=by, version=version)
    check(referral, ReferralEvent.DECLINE_BY_TELEPHONE, by=by)
    if reason_code not in DeclineReason.values:
        raise Invalid({"reason_code": [_("Choose the reason.")]})
    call = _judged(referral, spoke_with, phone, spoken_at, said)
    change = move(
        referral,
        ReferralEvent.DECLINE_BY_TELEPHONE,
        by=by,
        reason_code=reason_code,
        reason_text=call.said,
    )
    _record(referral, call, change)
    return referral


def _judged(referral: Referral, spoke_with: str, phone: str, spoken_at: datetime, said: str) -> _Call:
    """The call, cleaned; it happened since the referral was sent. Raises Invalid."""
    if timezone.is_naive(spoken_at):
        raise Invalid({"spoken_at": [_("Give the time with its offset from UTC.")]})
    if spoken_at > timezone.now() + SLACK:
        raise Invalid({"spoken_at": [_("The call must not be in the future.")]})
    # Pages take minutes: a call in the minute of the sending isn't before it.
    if referral.sent_at is not None and spoken_at < referral.sent_at.replace(second=0, microsecond=0):
        raise Invalid({"spoken_at": [_("The referral had not been sent to this hospital by then.")]})
    called = read_phone(phone, referral.host_country_id or "")
    if called.number is None and called.fault != "placeholder":
        raise Invalid({"phone": [phone_error(called)]})
    if not called.number:
        raise Invalid({"phone": [_("Give the telephone number with which you spoke.")]})
    return _Call(
        require_text(
            "spoke_with",
            spoke_with,
            _("Say who spoke for the hospital: name and position."),
            says_none=names_nobody,
        ),
        called.number,
        spoken_at,
        require_text("said", said, _("Write what was said.")),
    )


def _record(referral: Referral, call: _Call, change: StatusChange) -> None:
    assert referral.host_facility_id is not None, "a sent referral has its host: a constraint holds it"
    TelephoneAnswer.objects.create(
        change=change,
        facility_id=referral.host_facility_id,
        spoke_with=call.spoke_with,
        phone=call.phone,
        spoken_at=call.spoken_at,
        said=call.said,
    )
