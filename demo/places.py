"""Where the embedded servers keep their files, within the limits of the operating system."""

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from demo.children import Owner
from demo.errors import Stop

ROOT = Path(__file__).resolve().parents[1]
# sun_path holds 108 bytes with its closing zero; the longest name in the folder is PostgreSQL's lock file.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
THROW_AWAY = "portal-test-"
HOME_OF_ROOT = Path("/var/lib/patient-mobility-portal")


@dataclass(frozen=True)
class Places:
    """The folders of one set of servers: the demonstration's (kept) or a test run's (thrown away)."""

    base: Path
    owner: Owner | None
    postgres: Path
    sockets: Path
    logs: Path

    @property
    def valkey(self) -> Path:
        return self.base / "valkey"

    def remove(self) -> None:
        """Delete everything in these places."""
        for folder in (self.postgres, self.sockets, self.base):
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.postgres.parent.rmdir()  # the folder outside the checkout, empty now


def choose(base: Path, owner: Owner | None) -> Places:
    """Create the folders under `base`, or outside it where `base` won't do.

    PostgreSQL runs as `owner` when we are root. Such a server can't enter a checkout in /root, so its folder moves
    to /var/lib then. A long path of the checkout doesn't fit into a socket's address, so the sockets move to /tmp.
    """
    mark = hashlib.sha256(os.fsencode(base.resolve())).hexdigest()[:12]
    base.mkdir(parents=True, exist_ok=True)
    home = base if owner is None or reachable(base, owner) else HOME_OF_ROOT / mark
    try:
        home.mkdir(parents=True, exist_ok=True)
        for folder in (home, HOME_OF_ROOT) if home != base else ():
            folder.chmod(0o755)  # whatever root's umask says
    except OSError as error:
        raise Stop(
            f"PostgreSQL doesn’t run as root, and {home} can’t be created for it: {error.strerror}."
        ) from None
    sockets = home / "sockets"
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
        sockets = _short_folder(mark)
    places = Places(base, owner, home / "postgres", sockets, base / "log")
    for folder in (places.postgres, places.sockets, places.valkey, places.logs):
        folder.mkdir(mode=0o700, exist_ok=True)
    if owner:
        owner.give(places.postgres, places.sockets)
    return places


def reachable(folder: Path, owner: Owner) -> bool:
    """Whether the account may pass through every folder down to `folder`."""
    for part in (folder, *folder.parents):
        facts = part.stat()
        if not facts.st_mode & (stat.S_IXUSR if facts.st_uid == owner.uid else stat.S_IXOTH):
            return False
    return True


def throw_away_folder() -> Path:
    """A new private folder that the servers' account can pass through, for one run of the tests."""
    folder = Path(tempfile.mkdtemp(prefix=f"{THROW_AWAY}{os.getpid()}-", dir=_temporary()))
    folder.chmod(0o711)
    return folder


def clear_dead_runs() -> None:
    """Delete the folders of test runs that were killed; a run whose process is alive keeps its own."""
    for folder in _temporary().glob(f"{THROW_AWAY}*"):
        pid = folder.name.removeprefix(THROW_AWAY).partition("-")[0]
        with contextlib.suppress(OSError):
            if pid.isdigit() and folder.lstat().st_uid == os.getuid() and not _alive(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)


def _temporary() -> Path:
    # The servers' account must reach it: root's own TMPDIR may be private.
    return Path("/tmp" if os.geteuid() == 0 else tempfile.gettempdir())


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _short_folder(mark: str) -> Path:
    """A folder in /tmp that is ours alone; nobody else may have laid it there before us."""
    folder = Path("/tmp") / f"portal-{os.getuid()}-{mark}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    facts = folder.lstat()
    expected = {os.getuid(), 65534} if os.getuid() == 0 else {os.getuid()}
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in expected or facts.st_mode & 0o077:
        raise Stop(f"{folder} belongs to somebody else: remove it, or use a checkout with a shorter path.")
    return folder
