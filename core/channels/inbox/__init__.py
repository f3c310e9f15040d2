"""The inbox in the portal: a message has arrived when it is written. `core.outbox.inbox` reads it."""

from collections.abc import Sequence

from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from core.channels.protocol import Letter, Recipient


class Inbox:
    """For everybody with an account, besides what else reaches them."""

    name = "inbox"
    label = _("In the portal")
    rank = None
    at_once = True

    def address_of(self, person: Recipient) -> str | None:
        return None if person.user_id is None else ""

    def send(self, letter: Letter) -> None:
        raise AssertionError("what is at once is never sent")

    def check(self) -> Sequence[CheckMessage]:
        return ()


CHANNEL = Inbox()
