"""A demonstration of this checkout as a person starts it, for the tests that need the whole portal."""

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from demo import children, places

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 300.0  # seconds
_NOT_FOR_IT = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_WORKER_URL",
    "DATABASE_AS",
    "AUDIT_KEY",
    "SIGNING_KEYS",
    "DATA_KEY",
    "INDEX_KEY",
    "REDIS_URL",
    "EMAIL_URL",
    "DJANGO_ENV",
    "DJANGO_SETTINGS_MODULE",
    "PORTAL_TEST_SERVERS",
)


class Demo:
    """`./dev demo` on a free port in a folder of its own: its address, its people and what it has sent."""

    def __init__(self) -> None:
        self.state = Path(tempfile.mkdtemp(prefix="portal-demo-"))
        self.state.chmod(0o755)  # PostgreSQL runs under another account when we are root
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.output = self.state / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def given(cls, state: str, url: str) -> "Demo":
        """One that runs already, while somebody writes tests; it is neither started nor stopped."""
        demo = cls.__new__(cls)
        demo.state, demo.url, demo.process = Path(state), url, None
        return demo

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of `./dev` on the same folder."""
        return subprocess.run(
            [str(ROOT / "dev"), *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> str:
        """Start it; what it printed up to the end of its table of sign-ins. Raises RuntimeError."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [str(ROOT / "dev"), "demo", "--port", self.url.rpartition(":")[2]],
                env=self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_WITHIN
        while "\n  administrator " not in (text := self.output.read_text(encoding="utf-8")):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the demonstration did not start:\n{text[-3000:]}")
            time.sleep(0.1)
        return text

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C does; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def remove(self) -> None:
        """Stop it, and leave nothing of it behind."""
        if self.running:
            self.stop()
        places.choose(self.state / "demo", children.unprivileged_owner()).remove()

    def processes(self) -> list[str]:
        """Every process whose command or environment names this demonstration's folder."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                texts = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
            except OSError:
                continue
            if any(os.fsencode(self.state) in text for text in texts) and children.started_at(
                int(folder.name)
            ):
                found.append(texts[0].replace(b"\0", b" ").decode(errors="replace"))
        return found

    def all_gone(self, patience: float = 20) -> bool:
        deadline = time.monotonic() + patience
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.processes()

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_IT}
        return {**kept, "STATE_DIR": str(self.state)}

    @property
    def credentials_file(self) -> Path:
        return self.state / "demo" / "credentials.json"

    @property
    def credentials(self) -> dict[str, Any]:
        return json.loads(self.credentials_file.read_text("utf-8"))  # type: ignore[no-any-return]

    def person(self, role: str, country: str = "", organisation: str = "") -> dict[str, str]:
        """The first sign-in of that role, country and (a part of the name of the) organisation."""
        for person in self.credentials["people"]:
            if (
                person["role"] == role
                and country in {"", person["country"]}
                and organisation in person["organisation"]
            ):
                return person  # type: ignore[no-any-return]
        raise LookupError(f"the demonstration has no {role} in {country or 'any country'}")

    def mail(self, to: str, about: str) -> list[EmailMessage]:
        """Every e-mail that arrived at the demonstration's mail box for that address, with that in its subject."""
        mails = [
            message_from_bytes(raw, policy=policy.default)
            for raw in (path.read_bytes() for path in (self.state / "demo" / "mail").glob("*.eml"))
            if to.encode() in raw
        ]
        return [mail for mail in mails if mail["To"] == to and about in mail["Subject"]]  # type: ignore[misc]

    def texts(self) -> list[dict[str, str]]:
        """Every SMS that was handed to the gateway."""
        return [json.loads(path.read_text("utf-8")) for path in (self.state / "demo" / "sms").glob("*.json")]
