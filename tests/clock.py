"""The one place from which tests take their time, where their outcome depends on it.

What is moved is Python's clock in this process. PostgreSQL's own `now()` stays, so the portal never compares the two.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime, timedelta, timezone

import time_machine

ALMATY = timezone(timedelta(hours=5))
WEDNESDAY = datetime(2026, 12, 2, 12, tzinfo=ALMATY)
#: At a weekend, limits in working days all begin with Monday, so that equal ones end together.
SUNDAY = datetime(2026, 12, 6, 12, tzinfo=ALMATY)


class Clock:
    """The time that a test believes it is: the true one, until it is set. It runs on, unless it is held `still`."""

    def __init__(self, *, still: bool = False) -> None:
        self._travels, self._still = ExitStack(), still

    @property
    def now(self) -> datetime:
        """The moment that it is for the test, in Almaty's time."""
        return datetime.now(ALMATY)

    def set(self, moment: datetime) -> None:
        """Go to an (aware) moment, earlier or later."""
        self.stop()
        # Not with UTC or a named zone: time-machine would then change the zone of the whole process as well.
        self._travels.enter_context(time_machine.travel(moment.astimezone(ALMATY), tick=not self._still))

    def go_on(self, span: timedelta) -> None:
        """Let so much time pass at once."""
        self.set(self.now + span)

    def stop(self) -> None:
        """Back to the time that it was set in."""
        self._travels.close()


@contextmanager
def set_to(moment: datetime, *, still: bool = False) -> Iterator[Clock]:
    """A clock that is set for as long as the `with` block lasts."""
    clock = Clock(still=still)
    clock.set(moment)
    try:
        yield clock
    finally:
        clock.stop()


def days_ago(days: int) -> AbstractContextManager[Clock]:
    """The clock so many days ago, for what was made then."""
    return set_to(Clock().now - timedelta(days=days))
