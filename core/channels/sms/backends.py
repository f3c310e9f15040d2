"""The SMS gateway's interface, with a file and a console back end for demonstration and development.

A ministry's gateway is a class with the same `send`, named in `SMS_BACKEND`.
"""

import json
import sys
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

OFF = "off"


class SmsBackend(Protocol):
    """What a gateway must do: hand the text over or raise. `reference` repeats when a sending is repeated.

    It raises `core.channels.Undeliverable("refused")` for a number that the gateway will never take, and anything else
    for what may go better later.
    """

    def send(self, *, to: str, text: str, reference: str) -> None: ...


class FileBackend:
    """Keep each SMS as a JSON file named by its reference; a repeated sending overwrites its own file."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        folder = Path(settings.SMS_DIR)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"to": to, "text": text, "reference": reference, "at": timezone.now().isoformat()}
        (folder / f"{reference}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")


class ConsoleBackend:
    """Print each SMS to standard error."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        sys.stderr.write(f"SMS {reference} to {to}: {text}\n")


def current() -> SmsBackend:
    """The gateway that `SMS_BACKEND` names. Raises ImportError where there is no such class."""
    backend: SmsBackend = import_string(settings.SMS_BACKEND)()
    return backend
