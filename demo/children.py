"""Child processes that cannot outlive their parent.

Each child leads a session of its own, so a Ctrl-C in the terminal reaches the supervisor alone and the order
of stopping stays ours. On Linux the kernel also sends each child a signal when the parent dies (also by SIGKILL).
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.errors import Stop

PR_SET_PDEATHSIG = 1
NEARLY_FULL = 2_000_000  # bytes


@dataclass(frozen=True)
class Owner:
    """The account that runs a server which refuses to run as root."""

    uid: int
    gid: int

    def account(self) -> dict[str, Any]:
        """What starts a process as this account, for subprocess."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, *paths: Path) -> None:
        """Make the account the owner of files that root created."""
        for path in paths:
            os.chown(path, self.uid, self.gid)


def unprivileged_owner() -> Owner | None:
    """The account `nobody` when this process is root, otherwise None: no change of account is needed."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Owner(65534, 65534)
    return Owner(nobody.pw_uid, nobody.pw_gid)


def _die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def in_the_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return in_the_child


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    show: bool = False,
    owner: Owner | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv`; its output goes to the end of `log`. With `show` what it prints appears here instead."""
    with log.open("ab") as output:
        account: dict[str, Any] = owner.account() if owner else {}
        try:
            return subprocess.Popen(
                list(argv),
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=None if show else output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent(death_signal),
                pass_fds=tuple(pass_fds),
                cwd=cwd,
                **account,
            )
        except OSError as error:
            raise Stop(f"{argv[0]} can’t be started: {error.strerror}.") from error


def stop(child: subprocess.Popen[bytes], sign: signal.Signals, patience: float) -> None:
    """Ask the child to end; after `patience` seconds end its whole process group by force."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # whatever is left of its group, itself included
    child.wait()


def started_at(pid: int) -> str:
    """The kernel's start time of a process in clock ticks: with the pid it names one process for good. '' if gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def end_leftovers(seen: Mapping[str, str], patience: float = 10.0) -> None:
    """End what is still there of an earlier run. `seen` maps pids to start times, as `started_at` gave them.

    After a SIGKILL of the supervisor its children are already on their way out: first wait, then use force.
    """
    deadline = time.monotonic() + patience
    alive = {int(pid): tick for pid, tick in seen.items() if tick}
    while alive:
        alive = {pid: tick for pid, tick in alive.items() if started_at(pid) == tick}
        if alive and time.monotonic() > deadline:
            for pid in alive:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGQUIT if time.monotonic() < deadline + 5 else signal.SIGKILL)
            if time.monotonic() > deadline + 15:
                raise Stop(f"A process of the last run does not end (process {min(alive)}): end it by hand.")
        time.sleep(0.05 if alive else 0)


def last_line(log: Path) -> str:
    """The last line of a log that says something, for an error message; a full disk keeps logs from saying so."""
    try:
        if shutil.disk_usage(log.parent).free < NEARLY_FULL:
            return "The disk is full."
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
