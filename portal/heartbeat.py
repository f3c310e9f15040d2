"""Signs of life of the processes that answer no requests.

The worker and beat touch a file from their main loops; `portal/health.py` looks at its age. A process that
hangs stops touching it, which a look at the list of processes would not find.
"""

from pathlib import Path
from typing import Any

from celery import bootsteps
from celery.beat import Scheduler as MemoryScheduler

from portal.health import heartbeat_file

INTERVAL = 5.0  # seconds


def touch(name: str) -> None:
    """Note that the process `name` is alive now. A full disk is no reason to end it."""
    path: Path = heartbeat_file(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        pass


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Touches the worker's file from the timer of its main loop."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.reference: Any = None

    def start(self, parent: Any) -> None:
        touch("worker")
        self.reference = parent.timer.call_repeatedly(INTERVAL, touch, ("worker",))

    def stop(self, parent: Any) -> None:
        if self.reference:
            self.reference.cancel()
        heartbeat_file("worker").unlink(missing_ok=True)


class Scheduler(MemoryScheduler):
    """Celery's scheduler that keeps its schedule in memory, with a sign of life at each tick."""

    max_interval = INTERVAL

    def tick(self, *args: Any, **options: Any) -> float:
        touch("beat")
        return min(super().tick(*args, **options), INTERVAL)
