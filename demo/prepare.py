"""Brings the database, the demonstration data and the static files up to date.

Started by the supervisor as `python -m demo prepare data static`, with the environment of the portal. The first
time the two run side by side in a process each, so that nobody waits for the files; later, when there is next to
nothing to do, one process is the quicker way. Each step says on a line of its own that it
begins, every few seconds how far it is, and that it is done.
"""

import hashlib
import sys
import traceback
from pathlib import Path

from portal import release


def prepare(parts: list[str]) -> int:
    """Run the steps of `data`, of `static` or of both; the exit code.

    A failure's traceback goes to stderr, the log, and after it one sentence about the failure.
    """
    try:
        release.set_up()
        for part in parts:
            release.run(_data() if part == "data" else [_STATIC])
    except Exception as error:  # noqa: BLE001  every failure of a step ends here, told in a sentence
        traceback.print_exc()
        print(_sentence(error), file=sys.stderr, flush=True)
        return 1
    return 0


def _data() -> list[release.Step]:
    from django.core.management import call_command

    return [
        *release.steps(),
        release.Step(
            "Playing the demonstration’s history: people, patients, referrals",
            "Demonstration data are there",
            lambda: call_command("load_demo", verbosity=0),
        ),
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


_STATIC = release.Step("Collecting the static files", "Static files are collected", collect_static)


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    step = next((note for note in getattr(error, "__notes__", []) if note.startswith("Step: ")), "")
    reason = "the disk is full" if "No space left on device" in text else text.rstrip(".?!")
    return f"The step “{step.removeprefix('Step: ')}” failed: {reason}." if step else f"{reason}."
