"""Brings the database and the static files up to date: one process, one step a line.

Started by the supervisor as `python -m portal.demo prepare`, with the environment of the portal.
"""

import hashlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path


def prepare() -> int:
    """Run the steps; the exit code. A failure's traceback and then one sentence about it go to stderr, the log."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    step = "The portal starts"
    try:
        django.setup()
        for step, work in _steps():
            started = time.monotonic()
            work()
            print(f"  {step:<42}{time.monotonic() - started:6.1f} s", flush=True)
    except Exception as error:  # noqa: BLE001  every failure of a step ends here, told in a sentence
        traceback.print_exc()
        print(f"{step}: {_sentence(error)}", file=sys.stderr, flush=True)
        return 1
    return 0


def _steps() -> list[tuple[str, Callable[[], None]]]:
    from django.core.management import call_command

    return [
        ("Tables are up to date", lambda: call_command("migrate", interactive=False, verbosity=0)),
        ("Reference data are up to date", lambda: call_command("load_reference", verbosity=0)),
        ("Demonstration data are there", lambda: call_command("load_demo", verbosity=0)),
        ("Static files are collected", collect_static),
    ]


def collect_static() -> None:
    """Collect and compress the static files unless none has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    total = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            total.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    if stamp.exists() and stamp.read_text() == total.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(total.hexdigest())


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if "No space left on device" in text:
        return "the disk is full."
    return text.rstrip(".") + "."


if __name__ == "__main__":
    sys.exit(prepare())
