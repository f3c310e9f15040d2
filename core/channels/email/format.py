"""A message as an e-mail: plain text, with the portal's link at the end."""

from django.conf import settings
from django.core.mail import EmailMessage

from core.channels.protocol import Letter


def as_mail(letter: Letter) -> EmailMessage:
    """The mail. Its Message-ID is the message's own id, so that a receiver's side can tell a repetition."""
    body = letter.body
    if letter.link:
        body = f"{body}\n\n{settings.PUBLIC_URL}{letter.link}"
    host = settings.PUBLIC_URL.split("://", 1)[1].split(":")[0]
    return EmailMessage(
        subject=letter.subject,
        body=f"{body}\n",
        to=[letter.address],
        headers={
            "Message-ID": f"<{letter.reference}@{host}>",
            "Content-Language": letter.language,
            "Auto-Submitted": "auto-generated",
        },
    )
