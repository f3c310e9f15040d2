"""What the actions share: lock a referral, ask what stands against an event, move, and demand a text.

The road itself is `core.road`; `referrals.machines` says what it must know of the two machines.
"""

from collections.abc import Callable
from uuid import UUID

from core import road
from core.actors import Actor
from core.errors import Invalid, Text
from core.placeholders import stands_for_none
from referrals.guards import check
from referrals.machines import REFERRAL, move
from referrals.models import Referral

__all__ = ["check", "lock", "move", "require_text"]


def lock(referral_id: UUID | str, *, by: Actor, version: int | None = None) -> Referral:
    """The referral, locked until the transaction ends. Raises NotKnown, or Stale when `version` is old."""
    return road.lock(REFERRAL, referral_id, by=by, version=version)


def require_text(
    field: str, text: str, message: Text, *, says_none: Callable[[str], bool] = stands_for_none
) -> str:
    """The stripped text; Invalid under the field's name when there is none, or one that stands for none."""
    text = text.strip()
    if not text or says_none(text):
        raise Invalid({field: [message]})
    return text
