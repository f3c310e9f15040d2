"""One referral of the demonstration: whose it is, and which moments of its age things happen at."""

import random
from datetime import date, datetime, timedelta

from django.utils import timezone

from core import zones
from core.actors import Actor
from demo.data.clinical import Case
from demo.data.people import DESKS
from demo.data.plan import Row
from demo.data.world import World
from patients.models import Patient
from referrals.models import Referral


class Base:
    """One row of the plan. Times are shares of the row's age: 0 is the beginning, 1 is now."""

    def __init__(self, world: World, row: Row, number: int, case: Case, now: datetime) -> None:
        self.world, self.row, self.number, self.case = world, row, number, case
        self.random = random.Random(f"{number} {row.clinician} {row.case}")  # noqa: S311  the same history each time
        self.country = row.clinician[:2].upper()
        self.host = world.facilities[row.host]
        self.began, self.now = self._day_time(now - timedelta(days=row.days), now), now
        self.last = self.began
        self.patient: Patient
        self.referral: Referral

    # --- Time -------------------------------------------------------------------------------------------------------

    def at(self, share: float) -> datetime:
        """The moment at this share of the age, in working hours where the age allows it, never before the last."""
        if not share:
            return self.began
        return self._later(self._day_time(self.began + (self.now - self.began) * share, self.now))

    def after(self, wait: timedelta) -> datetime:
        """A moment soon after the last one."""
        return self._later(min(self.last + wait, self.now))

    def _later(self, moment: datetime) -> datetime:
        self.last = max(moment, self.last + timedelta(seconds=1))
        return self.last

    def _day_time(self, moment: datetime, now: datetime) -> datetime:
        if self.row.days < 1:
            return moment
        local = timezone.localtime(moment)
        minute = self.random.randrange(9 * 60, 16 * 60)
        return min(local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0), now)

    @property
    def today(self) -> date:
        return zones.today()

    # --- People -----------------------------------------------------------------------------------------------------

    @property
    def clinician(self) -> Actor:
        return self.world.actors[f"clinician.{self.row.clinician}"]

    def ministry(self, name: str) -> Actor:
        return self.world.actors[f"{name}.{self.country.lower()}"]

    @property
    def desk(self) -> Actor:
        code = self.host.organisation.code
        key = next(key for key, value in DESKS.items() if value == code)
        return self.world.actors[f"desk.{key}"]
