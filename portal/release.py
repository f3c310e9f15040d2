"""Bring a database up to the code: tables, then reference data. `python -m portal.release`, once for each release.

One process for all steps. `--check` changes nothing and exits with 1 while migrations are missing. The steps may run
while the old release still serves, and a second run finds nothing to do.
"""

import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from core import progress


class Step(NamedTuple):
    """What is done, in words before and after it."""

    begin: str
    done: str
    work: Callable[[], object]


class _Migrations(io.StringIO):
    """What `migrate` writes, of which only the count of its steps is shown."""

    count = 0

    def write(self, text: str) -> int:
        self.count += text.count("Applying ")
        progress.note(f"{self.count} migrations begun")
        return len(text)


def set_up() -> None:
    """Load the settings and the apps, with the login of the tables' owner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ["DATABASE_AS"] = "owner"
    # Moving a million rows takes its time, and may wait for others.
    for limit in ("DB_STATEMENT_TIMEOUT", "DB_LOCK_TIMEOUT", "DB_IDLE_TIMEOUT"):
        os.environ.setdefault(limit, "0")
    import django

    django.setup()


def steps() -> list[Step]:
    """What each release does to the database."""
    from django.core.management import call_command

    from core.sealed.known import require_keys

    return [
        Step(
            "Bringing the tables up to date",
            "Tables are up to date",
            lambda: call_command("migrate", interactive=False, stdout=_Migrations()),
        ),
        Step(
            "Bringing the reference data up to date",
            "Reference data are up to date",
            lambda: call_command("load_reference", verbosity=0),
        ),
        Step(
            "Publishing the ministries’ signing keys",
            "Signing keys are published",
            lambda: call_command("signing_keys", "register", stdout=io.StringIO()),
        ),
        Step("Looking for the keys of what is sealed", "The keys are there", require_keys),
    ]


def run(todo: Iterable[Step]) -> None:
    """Do the steps in order, show how far each is, and say how long it took."""
    for step in todo:
        started = time.monotonic()
        try:
            with progress.shown(step.begin):
                step.work()
        except Exception as error:
            error.add_note(f"Step: {step.done}")
            raise
        print(f"  {step.done:<42}{time.monotonic() - started:6.1f} s", flush=True)


def main(arguments: list[str]) -> int:
    """The exit code."""
    from django.core.management import call_command

    set_up()
    if arguments == ["--check"]:
        call_command("migrate", check_unapplied=True, verbosity=0)
        return 0
    run(steps())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
