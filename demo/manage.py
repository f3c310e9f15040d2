"""`./dev manage`: a Django management command on the demonstration's data, running or not."""

import contextlib
import json
import os
import subprocess
import sys

from demo import preflight
from demo.places import ROOT
from demo.supervisor import ENVIRONMENT, Interrupted, Supervisor


def manage(arguments: list[str]) -> int:
    """Run `manage.py` with the running demonstration's environment, or with servers started for this alone."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if preflight.running(preflight.LOCK):
        known = json.loads(ENVIRONMENT.read_text(encoding="utf-8"))
        return subprocess.call(command, env={**os.environ, **known})
    with (
        preflight.hold(preflight.LOCK),
        contextlib.suppress(Interrupted),
        Supervisor(8000).running() as supervisor,
    ):
        with contextlib.redirect_stdout(sys.stderr):
            supervisor.start_servers()
        return subprocess.call(command, env={**supervisor.environment, "DATABASE_AS": "owner"})
    return 130
