"""Public-health alerts, signed as in use, and entries of the list of treatment abroad."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agreements.models import AbroadCare
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


def make_listed(**changes: Any) -> AbroadCare:
    """An entry of Kazakhstan's list: heart valves, which an invited specialist may treat at home."""
    terms = {
        "country_id": "KZ",
        "code": "valves",
        "names": {"en": "Valves"},
        "diagnoses": ["I34"],
        "by_invited_specialist": True,
        "source": "x",
        **changes,
    }
    return AbroadCare.objects.create(**terms)
