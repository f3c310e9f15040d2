"""What a channel is to the rest of the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.core.checks import CheckMessage

from core.errors import Text


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to tell. A person of the portal has a `user_id` and an inbox; a patient has neither."""

    key: str
    language: str
    user_id: int | None = None
    email: str = ""
    phone: str = ""
    needs_action: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in its recipient's words, ready to go out.

    `reference` is the message's own id and stays the same when a sending is repeated. `link` is a path of the
    portal, empty for who has no account.
    """

    reference: str
    address: str
    language: str
    subject: str
    body: str
    link: str = ""


class Undeliverable(Exception):
    """The message can't reach this address and trying again won't help; `reason` is a code of `UndeliveredReason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """One way of reaching people. `name` is that of its folder and stays with every message.

    `rank` says what it stands in for: of the ranked channels that have an address for somebody, only the lowest is
    used. One without a rank is used besides them. Messages of a channel that is `at_once` have arrived when they
    are written; of every other, `send` hands them over.
    """

    name: str
    label: Text
    rank: int | None
    at_once: bool

    def address_of(self, person: Recipient) -> str | None:
        """Where this channel reaches them ("" where it needs no address), None where it doesn't."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over, or raise: `Undeliverable` where it never will arrive, anything else to try again."""

    def check(self) -> Sequence[CheckMessage]:
        """What is wrong with the channel's settings, for Django's system check."""
