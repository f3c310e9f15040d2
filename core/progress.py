"""How far a long work at the command line has come: it notes that, and whoever waits sees a line every few seconds."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

EVERY = 3.0
"""Seconds between two lines."""
_noted = ""


def note(text: str) -> None:
    """What has been done so far, such as “120 of 640 referrals”. Costs nothing where nobody watches."""
    global _noted
    _noted = text


@contextmanager
def shown(begin: str, *, every: float = EVERY) -> Iterator[None]:
    """Print `begin` at once, then what was noted last and how long it has taken, until the block ends."""
    note("")
    started, over = time.monotonic(), threading.Event()

    def tell() -> None:
        while not over.wait(every):
            _line(f"    {_noted or begin}, {time.monotonic() - started:.0f} s so far")

    _line(f"  {begin} …")
    watcher = threading.Thread(target=tell, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
