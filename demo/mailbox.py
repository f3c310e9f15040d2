"""A local mail server that delivers to a folder: what the demonstration sends is there to be read.

Started as `python -m demo.mailbox <listening socket's file descriptor> <folder>`.
"""

import asyncio
import email
import email.policy
import re
import signal
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

# Of a burst of mail, as after loading the demonstration data, only this many lines are shown in so many seconds.
SHOWN = 5
BURST = 10.0


class Folder:
    """aiosmtpd's handler: one .eml file for each message, named by time and first recipient."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.recent: list[float] = []
        self.hushed = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        recipient = (envelope.rcpt_tos or ["nobody"])[0]
        self.count += 1
        safe = re.sub(r"[^\w.@-]", "_", recipient)[:80]
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        target = self.folder / f"{moment}-{self.count:05d}-{safe}.eml"
        try:
            target.write_bytes(raw)
        except OSError as error:
            return f"452 4.3.1 {error.strerror}"
        subject = email.message_from_bytes(raw, policy=email.policy.default).get("Subject", "")
        self._tell(recipient, subject)
        return "250 2.0.0 Kept"

    def _tell(self, recipient: str, subject: str) -> None:
        now = time.monotonic()
        self.recent = [moment for moment in self.recent if moment > now - BURST] + [now]
        if len(self.recent) <= SHOWN:
            self.hushed = False
            print(f"  Mail to {recipient}: {subject}", flush=True)
        elif not self.hushed:
            self.hushed = True
            print("  More mail than fits here; all of it is in the folder of mail", flush=True)


async def serve(listener: socket.socket, folder: Path) -> None:
    """Accept mail until SIGTERM."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    handler = Folder(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, ident="portal"), sock=listener
    )
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
