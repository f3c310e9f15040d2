"""Public-health alerts, signed as in use."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from facilities.actions import sign_alert
from facilities.models import PublicHealthAlert
from tests.factories.facilities import World


def make_alert(world: World, **changes: Any) -> PublicHealthAlert:
    """An alert of cholera in Korday district, signed today by Kazakhstan's officer for ten days."""
    today = timezone.localdate()
    terms = {
        "area": world.units["korday"],
        "group": "A00",
        "since": today,
        "until": today + timedelta(days=10),
        "measure": "stop",
        "text": "Cases in the district.",
        "source": "Letter of the sanitary service.",
        **changes,
    }
    return sign_alert(by=world.actor("officer_kz"), **terms)
