"""SMS, over the gateway that `SMS_BACKEND` names."""

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage
from django.utils.translation import gettext_lazy as _

from core.channels.protocol import Letter, Recipient, Undeliverable
from core.channels.sms import backends, checks


class Sms:
    """For a patient who can be reached by telephone alone. Switched off, it reaches nobody and says so."""

    name = "sms"
    label = _("SMS")
    rank = 2
    at_once = False

    def address_of(self, person: Recipient) -> str | None:
        return person.phone if person.phone and person.user_id is None else None

    def send(self, letter: Letter) -> None:
        if settings.SMS_BACKEND == backends.OFF:
            raise Undeliverable("channel_off")
        # The subject stays away: it says what the text says, and each part of an SMS costs money.
        backends.current().send(to=letter.address, text=letter.body, reference=letter.reference)

    def check(self) -> Sequence[CheckMessage]:
        return checks.check()


CHANNEL = Sms()
