"""Who signs public-health alerts, and which of them are to be read."""

from datetime import date

from django.db.models import QuerySet

from core.actors import Actor
from core.permissions import Permission
from facilities.models import PublicHealthAlert


def may_sign(actor: Actor | None) -> bool:
    """An officer of a ministry, by name: no system signs an alert."""
    return (
        actor is not None and actor.kind == "person" and bool(actor.country) and actor.has(Permission.DECIDE)
    )


def register() -> QuerySet[PublicHealthAlert]:
    """Every alert, the one that lasts longest first. Whoever reads the directory reads them."""
    return PublicHealthAlert.objects.select_related("country", "area").order_by("-until", "-pk")


def ahead(day: date) -> QuerySet[PublicHealthAlert]:
    """Those in force on a day or after it."""
    return register().filter(ended_on__isnull=True, until__gte=day)


def over(day: date) -> QuerySet[PublicHealthAlert]:
    """Those that were ended, or whose last day has passed."""
    return register().exclude(ended_on__isnull=True, until__gte=day)
