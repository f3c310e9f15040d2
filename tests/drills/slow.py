"""Loaded into a drill's worker: the check's second half says that it has begun and then takes a minute.

`DRILL_MARK` names the file by which it says so. The lease is short, so that the drill needn't wait for it.
"""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.outbox import work
from referrals import actions

work.LEASE = timedelta(seconds=2)


def _slow(*arguments: Any, **named: Any) -> None:
    Path(os.environ["DRILL_MARK"]).touch()
    time.sleep(60)
    raise AssertionError("the drill kills this worker before it wakes up")


actions.finish_screening = _slow  # type: ignore[assignment]
