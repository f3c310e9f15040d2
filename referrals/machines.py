"""The two machines as the road sees them: the referral, and its authorisation, which lies under the referral's lock."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from core import road
from core.actors import Actor
from core.road import Hindrance, Moved
from referrals import access, events, issuing, models, stages
from referrals.models import Authorisation, Referral, StatusChange
from referrals.states import BEFORE_SENDING, OVER_STATES, AuthorisationEvent

STATE_NAMES = dict(Referral._meta.get_field("state").flatchoices)


def _referral_not_now(state: str) -> str:
    return _("The referral’s state is now “%(state)s”, which doesn’t allow this step.") % {
        "state": STATE_NAMES[state]
    }


def _authorisation_not_now(state: str) -> str:
    return _("The authorisation’s state doesn’t allow this step now.")


def _settle(referral: Referral, at: datetime) -> None:
    referral.state_since = at
    referral.over_at = at if referral.state in OVER_STATES else None
    if referral.state not in BEFORE_SENDING:
        stages.take_from_all(referral)


def _history(machine: models.Machine, referral: Referral, moved: Moved[Any]) -> StatusChange:
    by = moved.by
    return StatusChange(
        referral=referral,
        machine=machine,
        event=moved.event,
        from_state=moved.before,
        to_state=moved.after,
        at=moved.at,
        by_kind=by.kind,
        by_user_id=by.user_id,
        by_label=by.label,
        by_organisation=by.organisation_name,
        organisation_id=by.organisation_id,
        reason_code=moved.reason_code,
        reason_text=moved.reason_text,
    )


REFERRAL: road.Machine[Referral, StatusChange] = road.Machine(
    name="referral",
    model=Referral,
    table=events.REFERRAL_TABLE,
    parties=access.parties,
    not_now=lazy(_referral_not_now, str),
    history=lambda moved: _history(models.Machine.REFERRAL, moved.row, moved),
    country=lambda referral: referral.directing_country_id,
    visible=access.visible_referrals,
    joined=("authorisation", "consent"),
    settle=_settle,
)
AUTHORISATION: road.Machine[Authorisation, StatusChange] = road.Machine(
    name="authorisation",
    model=Authorisation,
    table=events.AUTHORISATION_TABLE,
    parties=lambda by, authorisation: access.parties(by, authorisation.referral),
    not_now=lazy(_authorisation_not_now, str),
    history=lambda moved: _history(models.Machine.AUTHORISATION, moved.row.referral, moved),
    country=lambda authorisation: authorisation.referral.directing_country_id,
    # It counts as a change of the referral: the version goes up with it.
    subject=lambda authorisation: authorisation.referral,
)


def authorisation_of(referral: Referral) -> Authorisation | None:
    """The authorisation; a draft has none yet."""
    return getattr(referral, "authorisation", None)


def hindrance(referral: Referral, event: StrEnum, parties: Collection[StrEnum]) -> Hindrance | None:
    """What the tables have against an event of either machine, for who is one of the `parties`."""
    if isinstance(event, AuthorisationEvent):
        authorisation = authorisation_of(referral)
        state = authorisation.state if authorisation else ""
        return road.hindrance(AUTHORISATION, event, state=state, parties=parties)
    return road.hindrance(REFERRAL, event, state=referral.state, parties=parties)


def move(
    referral: Referral,
    event: StrEnum,
    *,
    by: Actor,
    reason_code: str = "",
    reason_text: str = "",
    details: Mapping[str, Any] | None = None,
) -> StatusChange:
    """Move the machine that the event belongs to (`core.road.move`)."""
    said: dict[str, Any] = {
        "by": by,
        "reason_code": reason_code,
        "reason_text": reason_text,
        "details": details,
    }
    if isinstance(event, AuthorisationEvent):
        change = road.move(AUTHORISATION, referral.authorisation, event, **said)
        reason = (reason_code, reason_text)
        stages.follow(referral.authorisation, event, at=change.at, by=by, reason=reason)
    else:
        change = road.move(REFERRAL, referral, event, **said)
    if (kind := issuing.kind_of(event, authorisation_of(referral))) is not None:
        issuing.issue(kind, referral, change)
    return change
