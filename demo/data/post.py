"""Where letters of the demonstration's past lie: in the folder in which its mail box keeps what arrives today."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from core.outbox import publish


def folder() -> Path:
    """The mail box's folder; `demo.supervisor` starts it there."""
    return Path(settings.STATE_DIR) / "demo" / "mail"


class FolderBackend(BaseEmailBackend):
    """Keeps each letter as an .eml file, named by its time and recipient as the mail box names its own."""

    count = 0

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        target = folder()
        target.mkdir(parents=True, exist_ok=True)
        for letter in email_messages:
            FolderBackend.count += 1
            safe = re.sub(r"[^\w.@-]", "_", letter.to[0])[:80]
            name = f"{timezone.now():%Y%m%d-%H%M%S}-p{FolderBackend.count:05d}-{safe}.eml"
            content = letter.message()
            content.replace_header("Date", format_datetime(timezone.now()))
            (target / name).write_bytes(content.as_bytes())
        return len(email_messages)


@contextmanager
def past_post() -> Iterator[None]:
    """Deliver letters to the folder at once, and wake no worker: the past was delivered in the past."""
    backend, hint = settings.EMAIL_BACKEND, publish.send_hint
    settings.EMAIL_BACKEND = f"{__name__}.{FolderBackend.__name__}"
    publish.send_hint = lambda *job_ids: False
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = backend
        publish.send_hint = hint
