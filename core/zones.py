"""The places by whose clocks the portal's people and hospitals live."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


def zone_name(zone: ZoneInfo, at: datetime | None = None) -> str:
    """“Bishkek time (UTC+6)”, with the offset that the place has at that moment."""
    seconds = int(((at or timezone.now()).astimezone(zone).utcoffset() or timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "+" if seconds >= 0 else "−"
    offset = f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}"
    return str(_WITH_OFFSET.get(zone.key, f"{zone.key} (UTC%(offset)s)")) % {"offset": offset}
