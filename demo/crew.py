"""The running processes as a crew: started one after the other, watched, stopped in the opposite order."""

import contextlib
import json
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from demo import children
from demo.errors import Stop

# A process that ends this often within a minute will not come right by itself.
TOO_OFTEN = 5


@dataclass
class Member:
    """A running process and how to start it again. `patience` in seconds from its signal to force."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    log: Path
    end_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    process: subprocess.Popen[bytes] | None = None
    ended: list[float] = field(default_factory=list)

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def last_words(self) -> str:
        """The end of its log and where the rest stands, for an error message."""
        return f"{children.last_line(self.log).rstrip('.')} ({self.log})."


class Crew:
    """The processes in the order of their start. `register` is the file that remembers them after a SIGKILL."""

    def __init__(self, register: Path) -> None:
        self.register = register
        self.members: list[Member] = []
        self.hurry = False

    def add(self, member: Member) -> None:
        self.members.append(member)
        member.process = member.begin()
        self._note()

    def end_earlier(self) -> None:
        """End what a killed run may have left, and forget it."""
        with contextlib.suppress(OSError, ValueError):
            children.end_leftovers(json.loads(self.register.read_text(encoding="utf-8")))
        self.register.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise Stop when a process has ended while the others are still starting."""
        for member in self.members:
            if member.has_ended():
                raise Stop(f"The {member.name} did not start: {member.last_words()}")

    def mend(self) -> None:
        """Start again whatever has ended by itself; raise Stop when that happens too often."""
        for member in self.members:
            if not member.has_ended():
                continue
            assert member.process
            code = member.process.returncode
            children.stop(member.process, signal.SIGKILL, 0)  # what is left of its group
            now = time.monotonic()
            member.ended = [moment for moment in member.ended if moment > now - 60] + [now]
            if len(member.ended) >= TOO_OFTEN:
                raise Stop(f"The {member.name} keeps ending, so everything stops: {member.last_words()}")
            print(f"  The {member.name} ended ({_code(code)}) and is started again", flush=True)
            time.sleep(len(member.ended) - 1)
            member.process = member.begin()
            self._note()

    def stop(self) -> None:
        """Stop everything, last one first; with `hurry` set meanwhile, a second is all that each one gets."""
        while self.members:
            member = self.members.pop()
            if member.process:
                self._stop(member, member.process)
        self.register.unlink(missing_ok=True)

    def _stop(self, member: Member, process: subprocess.Popen[bytes]) -> None:
        started = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(member.end_signal)
        while process.poll() is None and time.monotonic() - started < (1 if self.hurry else member.patience):
            time.sleep(0.05)
        children.stop(process, signal.SIGKILL, 0)

    def _note(self) -> None:
        """Keep pids with start times, so that the next start recognises what a SIGKILL of ours may leave."""
        pids = [member.process.pid for member in self.members if member.process]
        self.register.write_text(json.dumps({str(pid): children.started_at(pid) for pid in pids}))


def _code(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
