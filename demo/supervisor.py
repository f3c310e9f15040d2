"""`./dev demo`: everything the portal needs, in the foreground, from empty to READY and down again.

PostgreSQL, Valkey, a mail box, then the commands of portal/processes.py. State is in var/demo; the lock keeps a
second demonstration out of the same checkout.
"""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType

from core import progress
from demo import children, preflight, sign_ins
from demo.crew import Crew, Member
from demo.embedded import Servers
from demo.errors import Stop
from demo.places import ROOT
from portal.processes import SERVING, Process

BASE = preflight.BASE
RUN = BASE / "run"
CREDENTIALS = BASE / "credentials.json"
ENVIRONMENT = RUN / "environment.json"
# Where the address of a login stands that isn't the web's, as `demo.embedded.Servers` gives it.
LOGINS = {"owner": "DATABASE_OWNER_URL", "portal_worker": "DATABASE_WORKER_URL"}
LARGEST_LOG = 5_000_000  # bytes; a longer one is set aside at the next start
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """SIGINT, SIGTERM or a closed terminal: stop everything in order."""


class Supervisor:
    """One run of the demonstration. The caller holds the lock."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.crew = Crew(RUN / "children.json")
        self.servers: Servers
        self.environment: dict[str, str] = {}

    @contextlib.contextmanager
    def running(self) -> Iterator["Supervisor"]:
        """Turn signals into `Interrupted`; stop whatever was started, however the block ends."""
        for number in SIGNALS:
            signal.signal(number, self._interrupt)
        try:
            yield self
        finally:
            for number in SIGNALS:
                signal.signal(number, self._insist)
            self.crew.stop()
            ENVIRONMENT.unlink(missing_ok=True)

    def start_servers(self) -> None:
        """The database and the broker, and the environment that names them to the portal."""
        self.crew.end_earlier()
        preflight.check_room(BASE.parent, preflight.ROOM_TO_RUN)
        self.servers = Servers(BASE, durable=True)
        RUN.mkdir(mode=0o700, exist_ok=True)
        self._set_long_logs_aside()
        if self.servers.postgres:
            with step("PostgreSQL runs", "Starting PostgreSQL"):
                self._add("postgres", self.servers.start_postgres, signal.SIGINT)
        if self.servers.valkey:
            with step("Valkey runs", "Starting Valkey"):
                self._add("valkey", self.servers.start_valkey)
        self.environment = self._portal_environment()

    def start_portal(self) -> None:
        """Bring the data up to date and start the portal's processes; back when it answers."""
        if not self.environment.get("EMAIL_URL"):
            self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{self._start_mailbox()}"
        self._write_environment()
        self._prepare()
        for process in SERVING:
            self._start_process(process)
        with step("The portal answers", "Waiting for the portal to answer"):
            self._wait_until_ready()

    def announce(self) -> None:
        """What a person needs to look around; the READY line and the sign-ins last, where they are seen."""
        print(f"\n  Every sign-in, and the partner systems’ clients: {_short(CREDENTIALS)}")
        print(f"  What the portal sends: {_short(BASE / 'mail')} and {_short(BASE / 'sms')}")
        print(f"  Logs: {_short(self.servers.places.logs)}")
        print("  Ctrl-C stops everything; the data stay for the next time.")
        print(f"\nREADY {self.url}\n")
        print(sign_ins.table(sign_ins.rows(CREDENTIALS)), flush=True)

    def watch(self) -> None:
        """Stay until a signal comes."""
        while True:
            self.crew.mend()
            time.sleep(0.3)

    # --- The parts --------------------------------------------------------------------------------------------------

    def _portal_environment(self) -> dict[str, str]:
        """What the portal's processes see: our own environment, and the demonstration's over it."""
        return {
            **os.environ,
            "DJANGO_ENV": "demo",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "STATE_DIR": str(BASE.parent),
            "STATIC_ROOT": str(BASE / "static"),
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "SECRET_KEY": _kept_secret(BASE / "secret_key", 64),
            "AUDIT_KEY": _kept_secret(BASE / "audit_key", 32),
            "DATA_KEY": _kept_secret(BASE / "data_key", 32),
            "INDEX_KEY": _kept_secret(BASE / "index_key", 32),
            "AUDIT_COPIES": str(BASE / "audit"),
            "SIGNING_KEYS": ",".join(
                f"{country}:{_kept_secret(BASE / f'signing_key_{country.lower()}', 32)}"
                for country in ("KZ", "KG", "UZ")
            ),
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
            **self.servers.environment,
        }

    def _write_environment(self) -> None:
        """For `./dev manage`: what differs from the plain environment; readable to ourselves alone."""
        own = {**self.environment, "DATABASE_AS": "owner"}
        differing = {name: value for name, value in own.items() if os.environ.get(name) != value}
        _write_private(ENVIRONMENT, json.dumps(differing))

    def _start_mailbox(self) -> int:
        """Start the mail box on a port that the kernel chooses, and return the port."""
        listener = socket.create_server(("127.0.0.1", 0))
        number = listener.fileno()
        argv = [sys.executable, "-m", "demo.mailbox", str(number), str(BASE / "mail")]
        log = self._log("mail")
        self.crew.add(
            Member(
                "mail box",
                lambda: children.start(
                    argv, env=self.environment, log=log, show=True, pass_fds=[listener.fileno()], cwd=ROOT
                ),
                log,
                patience=5,
            )
        )
        return int(listener.getsockname()[1])

    def _prepare(self) -> None:
        """Bring data and static files up to date; demo/prepare.py says when in one process, when in two."""
        first_time = not (BASE / "static").exists()
        work = {}
        try:
            for parts in (["data"], ["static"]) if first_time else (["data", "static"],):
                log = self._log(f"prepare-{parts[0]}")
                log.unlink(missing_ok=True)
                argv = [sys.executable, "-m", "demo", "prepare", *parts]
                work[log] = children.start(argv, env=self.environment, log=log, show=True, cwd=ROOT)
            for log, child in work.items():
                if child.wait():
                    raise Stop(f"{children.last_line(log)} The whole story is in {log}.")
        finally:
            for child in work.values():
                children.stop(child, signal.SIGTERM, 5)

    def _start_process(self, process: Process) -> None:
        log, environment = self._log(process.name), with_login(self.environment, process)
        self._add(process.name, lambda: children.start(process.command, env=environment, log=log, cwd=ROOT))

    def _add(
        self,
        name: str,
        begin: Callable[[], subprocess.Popen[bytes]],
        end_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.crew.add(Member(name, begin, self._log(name), end_signal))

    def _log(self, name: str) -> Path:
        return self.servers.places.logs / f"{name}.log"

    def _set_long_logs_aside(self) -> None:
        for log in self.servers.places.logs.glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))

    def _wait_until_ready(self, patience: float = 60.0) -> None:
        deadline = time.monotonic() + patience
        trouble = ""
        while time.monotonic() < deadline:
            self.crew.check()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                trouble = f"/readyz answers with {error.code}"
            except OSError as error:
                trouble = str(getattr(error, "reason", error))
            time.sleep(0.1)
        raise Stop(f"The portal does not answer: {trouble} ({self._log('web')}).")

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        raise Interrupted

    def _insist(self, number: int, frame: FrameType | None) -> None:
        self.crew.hurry = True


def up(port: int, *, reset: bool) -> int:
    """Run the demonstration until a signal comes; the exit code."""
    with preflight.hold(preflight.LOCK) as lock:
        try:
            with Supervisor(port).running() as supervisor:
                started = time.monotonic()
                preflight.check_port(port)
                if reset:
                    supervisor.crew.end_earlier()
                    delete_data()
                supervisor.start_servers()
                supervisor.start_portal()
                print(f"  Started in {time.monotonic() - started:.1f} s", flush=True)
                preflight.note(lock, supervisor.url)
                supervisor.announce()
                supervisor.watch()
        except Interrupted:
            print("  Everything is stopped", flush=True)
    return 0


def with_login(environment: Mapping[str, str], process: Process) -> dict[str, str]:
    """The environment of one process: its own login to the database, and nobody else's."""
    own = {name: value for name, value in environment.items() if name not in LOGINS.values()}
    address = environment.get(LOGINS.get(process.login, ""))
    return {**own, "DATABASE_URL": address} if address else own


def delete_data() -> None:
    """Delete the demonstration's data; those of a server that isn't ours stay."""
    if os.environ.get("DATABASE_URL"):
        raise Stop(
            "--reset deletes the data of the demonstration’s own servers, and DATABASE_URL names another: "
            "empty that database yourself."
        )
    with step("The earlier data are deleted", "Deleting the earlier data"):
        Servers(BASE, durable=True).places.remove()


@contextlib.contextmanager
def step(text: str, begin: str) -> Iterator[None]:
    """Say what begins, every few seconds that it goes on, and how long it took once it is done."""
    started = time.monotonic()
    with progress.shown(begin):
        yield
    print(f"  {text:<42}{time.monotonic() - started:6.1f} s", flush=True)


def _kept_secret(path: Path, length: int) -> str:
    """A secret of the demonstration's own, of so many bytes, made at the first start."""
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(length))
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
