"""Guessing made slow, and nobody locked out.

What fails is counted by the account from one place, by the account at all, by the place, by the password, and by the
device that has signed in before. After a few failures the next attempt has to wait: a second, two, four, up to a limit.
An attempt that has to wait isn't looked at, so it tells nothing and counts for nothing.

- Who knows an account's name can make only their own place wait for it. Elsewhere each place has its first attempts.
- A device on which the account has signed in carries a signed cookie, and is counted by itself alone.
- Many accounts tried from one place, and one password tried on many accounts, wait as a whole (spraying).

An attempt is counted before it is looked at, under a lock, so that a hundred at once are no more than one after
another; what was right is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from core.accounts.models import Attempt
from core.errors import PortalError

QUIET = timedelta(hours=1)
"""After so long without a failure everything is forgotten."""


class TooMany(PortalError):
    """429: wait `seconds`, then try again. Nobody is locked out."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        text = (
            ngettext(
                "Too many attempts went wrong. Wait %(count)s second, then try again.",
                "Too many attempts went wrong. Wait %(count)s seconds, then try again.",
                seconds,
            )
            % {"count": seconds}
            if seconds < 60
            else ngettext(
                "Too many attempts went wrong. Wait %(count)s minute, then try again.",
                "Too many attempts went wrong. Wait %(count)s minutes, then try again.",
                minutes,
            )
            % {"count": minutes}
        )
        super().__init__(text)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing that is counted: `free` failures cost nothing, the waiting grows to `longest` seconds.

    `watch` only counts. `strict` holds for this counter once the watched one has seen more than its `free` failures.
    """

    kind: str
    values: tuple[str, ...]
    free: int
    longest: int = 900
    strict: int | None = None
    watch: bool = False

    @property
    def key(self) -> str:
        text = "\x1f".join((self.kind, *self.values))
        return salted_hmac("core.accounts.throttle", text, algorithm="sha256").hexdigest()


def sign_in_counters(*, username: str, place: str, password: str, device: str) -> list[Counter]:
    """What an attempt to sign in is counted by. `device` names a device that is known for the account, or is empty."""
    if device:
        return [Counter("device", (device,), free=10)]
    return [
        Counter("account", (username,), free=50, watch=True),
        Counter("pair", (username, place), free=10, strict=1),
        Counter("place", (place,), free=20, longest=120),
        Counter("password", (password,), free=10),
    ]


def second_step_counters(*, user_id: int, place: str, device: str) -> list[Counter]:
    """What a code of the second step is counted by: a code has six digits, so the account as a whole is held too."""
    who = str(user_id)
    if device:
        return [Counter("second device", (who, device), free=10)]
    return [Counter("second", (who, place), free=5), Counter("second account", (who,), free=20, longest=300)]


def own_password_counters(user_id: int) -> list[Counter]:
    """Guesses at the present password by somebody who sits at an open session."""
    return [Counter("own password", (str(user_id),), free=5)]


def client_counters(*, client_id: str, place: str) -> list[Counter]:
    """Wrong secrets of partners' systems; a right one is told from them without being counted."""
    return [
        Counter("client", (client_id, place), free=10, longest=60),
        Counter("client place", (place,), free=60, longest=60),
    ]


def attempt(counters: Iterable[Counter]) -> None:
    """Count one attempt, to be taken back by `succeeded`. Raises TooMany when it comes too early."""
    by_key = {counter.key: counter for counter in counters}
    now = timezone.now()
    with transaction.atomic():
        rows = [Attempt(key=key, last_at=now) for key in sorted(by_key)]
        Attempt.objects.bulk_create(rows, ignore_conflicts=True)
        found = list(Attempt.objects.select_for_update().filter(key__in=by_key).order_by("pk"))
        for row in found:
            if now - row.last_at > QUIET:
                row.failures = 0
        attacked = any(by_key[row.key].watch and row.failures > by_key[row.key].free for row in found)
        wait = max((_wait(by_key[row.key], row, now, attacked=attacked) for row in found), default=0)
        if wait:
            raise TooMany(wait)
        for row in found:
            row.failures, row.last_at = row.failures + 1, now
        Attempt.objects.bulk_update(found, ["failures", "last_at"])


def _wait(counter: Counter, row: Attempt, now: datetime, *, attacked: bool) -> int:
    """How many seconds are left to wait for this counter."""
    if counter.watch:
        return 0
    free = counter.strict if attacked and counter.strict is not None else counter.free
    over = row.failures - free
    if over < 0:
        return 0
    span = timedelta(seconds=min(2 ** min(over, 20), counter.longest))
    left = (row.last_at + span - now).total_seconds()
    return max(0, -int(-left // 1))


def succeeded(counters: Iterable[Counter]) -> None:
    """Take back an attempt that was right: what is the account's own is forgotten, the rest has one less."""
    own = [
        one.key
        for one in counters
        if one.kind in {"pair", "device", "second", "second device", "own password"}
    ]
    rest = [one.key for one in counters if one.key not in own]
    Attempt.objects.filter(key__in=own).delete()
    Attempt.objects.filter(key__in=rest).update(failures=Greatest(F("failures") - 1, 0))


def purge() -> int:
    """Delete what is forgotten anyway. The number deleted."""
    deleted, _kinds = Attempt.objects.filter(last_at__lt=timezone.now() - QUIET).delete()
    return deleted
