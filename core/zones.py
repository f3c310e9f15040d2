"""The places by whose clocks the portal's people and hospitals live, and the day that it is there.

Nothing else asks what day it is (tests/architecture/test_days.py): a day belongs to a place.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db import current_actor

CHOICES = [
    ("Asia/Almaty", _("Almaty time")),
    ("Asia/Tashkent", _("Tashkent time")),
    ("Asia/Bishkek", _("Bishkek time")),
]
_WITH_OFFSET = {
    "Asia/Almaty": _("Almaty time (UTC%(offset)s)"),
    "Asia/Tashkent": _("Tashkent time (UTC%(offset)s)"),
    "Asia/Bishkek": _("Bishkek time (UTC%(offset)s)"),
}


def today(zone: ZoneInfo | None = None) -> date:
    """The day that it is in `zone`; without one, where the organisation is for which somebody reads or acts.

    By whatever clock they are told the time: a rule's day is the directing country's, an appointment's the host's, and
    everything else that is typed belongs to the body that types it. The portal's own work has the portal's day.
    """
    if zone is None:
        actor = current_actor()
        place = (actor.place or actor.zone) if actor is not None else ""
        zone = ZoneInfo(place or settings.TIME_ZONE)
    return timezone.localdate(timezone=zone)


def is_today_for_the_reader(moment: datetime) -> bool:
    """Whether a moment falls on the day that it is by the reader's clock, by which moments are told."""
    return timezone.localdate(moment) == timezone.localdate()


def zone_name(zone: ZoneInfo, at: datetime | None = None) -> str:
    """“Bishkek time (UTC+6)”, with the offset that the place has at that moment."""
    seconds = int(((at or timezone.now()).astimezone(zone).utcoffset() or timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "+" if seconds >= 0 else "−"
    offset = f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}"
    return str(_WITH_OFFSET.get(zone.key, f"{zone.key} (UTC%(offset)s)")) % {"offset": offset}
