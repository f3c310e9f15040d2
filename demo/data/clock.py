"""A clock for making a history: while it is held, Django's `timezone.now()` says the time that it is set to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


class HeldClock:
    """The time that the portal believes it is; aware, in any zone."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def set(self, moment: datetime) -> None:
        """Move on to a moment. It never runs backwards: a history is made in the order of time."""
        if moment < self.now:
            raise ValueError(
                f"the clock stands at {self.now:%Y-%m-%d %H:%M} and can't go back to {moment:%Y-%m-%d %H:%M}"
            )
        self.now = moment


@contextmanager
def held_clock(start: datetime) -> Iterator[HeldClock]:
    """Let the whole process read its time from a `HeldClock`. For one process with one thread: the demonstration."""
    clock, real = HeldClock(start), timezone.now
    timezone.now = lambda: clock.now
    try:
        yield clock
    finally:
        timezone.now = real
