"""Handing a letter to the mail server."""

import smtplib

from core.channels.email.format import as_mail
from core.channels.protocol import Letter, Undeliverable

#: A server's answers from here on say that it will never take the letter (RFC 5321, section 4.2.1).
PERMANENT = 500


def send(letter: Letter) -> None:
    """Send it. Raises Undeliverable where the server refuses the address for good, anything else to try again."""
    try:
        as_mail(letter).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        if codes and min(codes) >= PERMANENT:
            raise Undeliverable("refused") from error
        raise
