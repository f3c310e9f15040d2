"""The SMS gateway's interface, with a file and a console back end.

A ministry's gateway is a class with the same `send`, named in `SMS_BACKEND`.
"""

import json
import sys
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone


class SmsBackend(Protocol):
    """What a gateway must do: hand the text over or raise. `reference` repeats when a sending is repeated."""

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
