"""What can be known before anything is installed or started: is there room, is the port free, who runs here.

Standard library only and no import of the portal: `dev` runs this file before the virtual environment exists.
"""

import argparse
import errno
import fcntl
import json
import os
import shutil
import socket
from pathlib import Path
from typing import IO

BASE = Path(os.environ.get("STATE_DIR") or Path(__file__).resolve().parents[1] / "var").absolute() / "demo"
LOCK = BASE.with_name("demo.lock")  # outside what --reset deletes
# The virtual environment and its download cache, and a demonstration's database; in bytes.
ROOM_TO_INSTALL = 1_200_000_000
ROOM_TO_RUN = 300_000_000


class Refusal(Exception):
    """One sentence that says why the command cannot go on."""


def check_port(port: int) -> None:
    """Raise Refusal when `port` of this machine is taken or may not be used."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Refusal(
                f"Port {port} is reserved for the administrator of this machine: choose one from 1024 on, "
                "for instance ./dev demo --port 8010."
            ) from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refusal(f"Port {port} can’t be opened here: {error.strerror}.") from None
            raise Refusal(
                f"Port {port} is taken by another program: stop it, or choose another port, "
                f"for instance ./dev demo --port {port + 10 if port < 65_000 else 8010}."
            ) from None


def arguments_of_up() -> argparse.ArgumentParser:
    """What `./dev demo` understands."""
    parser = argparse.ArgumentParser(prog="./dev demo", description="Run the portal with demonstration data.")
    parser.add_argument(
        "--port", type=int, default=8000, help="where the portal answers on this machine (8000)"
    )
    parser.add_argument(
        "--reset", action="store_true", help="delete the demonstration’s data and start from empty"
    )
    return parser


def check_start(arguments: list[str]) -> None:
    """Raise Refusal when a demonstration started with these arguments could not run."""
    options = arguments_of_up().parse_args(arguments)
    hold(LOCK).close()
    check_port(options.port)
    check_room(LOCK.parent, ROOM_TO_RUN)


def check_room(folder: Path, needed: int) -> None:
    """Raise Refusal when the disk under `folder` has fewer than `needed` bytes free."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Refusal(
            f"The disk is full: {folder} has {free // 1_000_000} MB free and {needed // 1_000_000} MB are needed."
        )


def hold(lock: Path) -> IO[str]:
    """Take the checkout's demonstration for this process and return the open lock file.

    The lock is the kernel's: it ends with the process, however that ends. Raises Refusal when another holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = lock.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = running(lock)
        where = f" at {holder['url']}" if holder.get("url") else ""
        process = f" (process {holder['pid']})" if holder.get("pid") else ""
        raise Refusal(
            f"The demonstration already runs from this checkout{where}{process}: stop it first with Ctrl-C."
        ) from None
    note(handle, url="")
    return handle


def note(handle: IO[str], url: str) -> None:
    """Write into the held lock file who holds it and where the portal answers."""
    handle.seek(0)
    handle.truncate()
    json.dump({"pid": os.getpid(), "url": url}, handle)
    handle.flush()


def running(lock: Path) -> dict[str, object]:
    """What the holder of the lock wrote there; empty when nobody holds it or it can't be read."""
    try:
        with lock.open(encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                content = json.loads(handle.read() or "{}")
                return content if isinstance(content, dict) else {}
    except (OSError, ValueError):
        pass
    return {}
