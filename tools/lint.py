"""`./dev lint [check ...]`: the checks that read the code instead of running it, on all cores, with one line for each.

Without a name all of them; `./dev lint style format` only these two, as a hook before a commit asks for them.
"""

import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from demo.embedded import ThrowAway
from demo.errors import Stop

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
TEMPLATES = ("templates", "facilities/templates")


class Check(NamedTuple):
    """A key to ask for it, a name for people, the command, and what it needs: in its environment, and of servers."""

    key: str
    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = {}
    on_servers: bool = True


class Outcome(NamedTuple):
    """How a check ended. `seconds` is wall-clock time."""

    check: Check
    passed: bool
    seconds: float
    output: str


def production() -> dict[str, str]:
    """Settings of an imagined production, for Django's own look at them."""
    return {
        "DJANGO_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": secrets.token_urlsafe(32),
        "DATA_KEY": secrets.token_urlsafe(32),
        "INDEX_KEY": secrets.token_urlsafe(32),
        "SIGNING_KEYS": ",".join(f"{country}:{secrets.token_urlsafe(32)}" for country in ("KG", "KZ", "UZ")),
        "AUDIT_COPIES": "/audit",
        "PUBLIC_URL": "https://portal.example",
        "ALLOWED_HOSTS": "portal.example",
        "EMAIL_URL": f"smtp+tls://portal:{secrets.token_urlsafe(24)}@mail.example:587",
        "SMS_BACKEND": "off",
    }


def checks() -> list[Check]:
    """All checks, the slow ones first."""
    manage = (sys.executable, "manage.py")
    return [
        Check("types", "Types", (str(BIN / "mypy"),)),
        Check("imports", "Import rules", (str(BIN / "lint-imports"),), on_servers=False),
        Check(
            "templates",
            "Templates",
            (str(BIN / "djlint"), *TEMPLATES, "--lint", "--quiet"),
            on_servers=False,
        ),
        Check("migrations", "Missing migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Check(
            "production",
            "Production settings",
            (*manage, "check", "--deploy", "--fail-level", "WARNING"),
            production(),
        ),
        Check(
            "secrets", "No secret in a file", (sys.executable, "-m", "tools.hidden_secrets"), on_servers=False
        ),
        Check("style", "Style", (str(BIN / "ruff"), "check", "."), on_servers=False),
        Check("format", "Format", (str(BIN / "ruff"), "format", "--check", "."), on_servers=False),
    ]


def run(check: Check, environment: dict[str, str]) -> Outcome:
    """Run one check in the root of the checkout."""
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **environment, **check.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(check, done.returncode == 0, time.monotonic() - started, done.stdout.strip())


def chosen(keys: list[str]) -> list[Check]:
    """The checks with these keys; all of them for none."""
    known = {check.key: check for check in checks()}
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise Stop(f"There is no check {unknown[0]}; there are {', '.join(known)}.")
    return [check for key, check in known.items() if not keys or key in keys]


def main(keys: list[str]) -> int:
    """Run the checks; 1 when one of them has something to say."""
    wanted = chosen(keys)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        environment = {"DJANGO_ENV": "test"}
        if any(check.on_servers for check in wanted):
            environment |= stack.enter_context(ThrowAway()).environment
        outcomes = list(pool.map(lambda check: run(check, environment), wanted))
    for outcome in outcomes:
        word = "ok" if outcome.passed else "FAILED"
        print(f"  {outcome.check.name:<24}{word:<8}{outcome.seconds:6.1f} s")
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        print(f"\n--- {outcome.check.name}: {' '.join(outcome.check.command)}\n{outcome.output}")
    print(f"\n{len(failed)} of {len(outcomes)} checks failed" if failed else "\nEvery check passed")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"dev: {stop}", file=sys.stderr)
        sys.exit(1)
