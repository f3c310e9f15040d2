"""The one road of a state change: lock, ask, look up, save, write history, audit, publish."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.errors import IllegalTransition, Invalid, NotKnown, Stale, Text
from core.outbox.publish import publish
from core.prepared import Parameter, insert, lent, prepared, values_of
from referrals import access
from referrals.models import Authorisation, Machine, Referral, StatusChange
from referrals.states import (
    AUTHORISATION_TABLE,
    OVER_STATES,
    REFERRAL_TABLE,
    AuthorisationEvent,
    ReferralEvent,
)


def lock(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """The referral, locked until the transaction ends. Raises NotKnown, or Stale when `version` is old."""
    try:
        key = referral_id if isinstance(referral_id, UUID) else UUID(referral_id)
    except ValueError as error:
        raise NotKnown() from error
    referral: Referral | None = prepared(_lockable, lent(by)).first(referral=key, **values_of(by))
    if referral is None:
        raise NotKnown()
    if version is not None and version != referral.version:
        raise Stale()
    return referral


def _lockable(by: Actor) -> QuerySet[Referral]:
    # Seen first, locked then: the rules of sight join and exclude, which a row lock can't.
    seen = access.visible_referrals(by).filter(pk=Parameter("referral")).values("pk")
    return (
        Referral.objects.select_for_update(of=("self",))
        .select_related("authorisation", "consent")
        .filter(pk__in=seen)
        .order_by()
    )


def check(referral: Referral, event: ReferralEvent, *, by: Actor) -> None:
    """Raise Denied or IllegalTransition unless `by` may cause `event` now."""
    access.can(by, event, referral)
    if referral.state not in REFERRAL_TABLE[event].sources:
        raise IllegalTransition(
            _("The referral’s state is now “%(state)s”, which doesn’t allow this step.")
            % {"state": referral.get_state_display()},
            allowed=access.allowed_events(by, referral),
        )


def check_authorisation(referral: Referral, event: AuthorisationEvent, *, by: Actor) -> Authorisation:
    """The authorisation, once `by` may cause `event` now; raises Denied or IllegalTransition."""
    access.can(by, event, referral)
    authorisation: Authorisation | None = getattr(referral, "authorisation", None)
    if authorisation is None or authorisation.state not in AUTHORISATION_TABLE[event].sources:
        raise IllegalTransition(
            _("The authorisation’s state doesn’t allow this step now."),
            allowed=access.allowed_authorisation_events(by, referral, authorisation) if authorisation else (),
        )
    return authorisation


def move(
    referral: Referral, event: ReferralEvent, *, by: Actor, reason_code: str = "", reason_text: str = ""
) -> StatusChange:
    """Take the step: checks it, saves the referral with what the caller set on it, writes every trace.

    Gives its row of the history. The caller holds the row's lock and has checked the facts that the step needs.
    """
    check(referral, event, by=by)
    before = referral.state
    referral.state = REFERRAL_TABLE[event].target.value
    now = timezone.now()
    referral.state_since = now
    referral.over_at = now if referral.state in OVER_STATES else None
    referral.version += 1
    if referral._state.adding:
        insert(referral)
    else:
        referral.save()
    change = _history(referral, Machine.REFERRAL, event, before, referral.state, by, reason_code, reason_text)
    _tell(referral, f"referral.{event}", by, before, referral.state, reason_code)
    return change


def move_authorisation(
    authorisation: Authorisation,
    referral: Referral,
    event: AuthorisationEvent,
    *,
    by: Actor,
    reason_code: str = "",
    reason_text: str = "",
) -> StatusChange:
    """As `move`, for the authorisation. It counts as a change of the referral: the version goes up with it."""
    check_authorisation(referral, event, by=by)
    before = authorisation.state
    authorisation.state = AUTHORISATION_TABLE[event].target.value
    authorisation.save()
    referral.version += 1
    referral.save(update_fields=["version", "updated_at"])
    change = _history(
        referral, Machine.AUTHORISATION, event, before, authorisation.state, by, reason_code, reason_text
    )
    _tell(referral, f"authorisation.{event}", by, before, authorisation.state, reason_code)
    return change


def _history(
    referral: Referral,
    machine: Machine,
    event: StrEnum,
    before: str,
    after: str,
    by: Actor,
    reason_code: str,
    reason_text: str,
) -> StatusChange:
    return insert(
        StatusChange(
            referral=referral,
            machine=machine,
            event=event,
            from_state=before,
            to_state=after,
            at=timezone.now(),
            by_kind=by.kind,
            by_user_id=by.user_id,
            by_label=by.label,
            by_organisation=by.organisation_name,
            reason_code=reason_code,
            reason_text=reason_text,
        )
    )


def _tell(referral: Referral, kind: str, by: Actor, before: str, after: str, reason_code: str) -> None:
    details: dict[str, Any] = {"from": before, "to": after, "version": referral.version}
    if reason_code:
        details["reason_code"] = reason_code
    record(kind, by=by, subject=referral, country=referral.directing_country_id, details=details)
    publish(kind, subject=referral, payload=details, by=by)


def require_text(field: str, text: str, message: Text) -> str:
    """The stripped text; Invalid under the field's name when there is none."""
    text = text.strip()
    if not text:
        raise Invalid({field: [message]})
    return text
