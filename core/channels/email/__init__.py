"""E-mail, over the mail server that `EMAIL_URL` names."""

from collections.abc import Sequence

from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from core.channels.email import transport
from core.channels.protocol import Letter, Recipient


class Email:
    """For everybody with an address: the first choice for a patient, besides the inbox for a person of the portal."""

    name = "email"
    label = _("E-mail")
    rank = 1
    at_once = False

    def address_of(self, person: Recipient) -> str | None:
        return person.email or None

    def send(self, letter: Letter) -> None:
        transport.send(letter)

    def check(self) -> Sequence[CheckMessage]:
        return ()


CHANNEL = Email()
