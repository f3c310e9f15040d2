"""What the workers do after a filing: `python -m demo.bench.worker` does all that is due, and says what it took.

In one process and without Celery's messages: jobs, numbers of the feed, seals of the audit log. The last line is JSON.
"""

import json
import os
import resource
import subprocess
import sys
from typing import Any

from demo import places
from demo.errors import Stop


def main() -> None:
    """Do everything that is due."""
    import django

    django.setup()
    from core.audit import sealing
    from core.feed.numbering import number_waiting
    from core.outbox import work

    began = _used()
    done = work.drain()
    while number_waiting():
        pass
    sealing.seal()
    print(json.dumps({"jobs": done, "seconds": _used() - began}))


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run() -> dict[str, Any]:
    """Do it in a process of its own, with the workers' login: how many `jobs`, and the `seconds` of processor time."""
    environment = {**os.environ, "DATABASE_URL": os.environ["DATABASE_WORKER_URL"]}
    for name in ("DATABASE_AS", "DATABASE_OWNER_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "demo.bench.worker"]
    ran = subprocess.run(command, env=environment, cwd=places.ROOT, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        raise Stop("The workers’ part can’t be measured.")
    done: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return done


if __name__ == "__main__":
    main()
