"""Who keeps data, and whose erasures and holds they see."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import Denied, NotKnown
from core.permissions import Permission
from patients.models import LegalHold
from retention.models import OPEN, Erasure, Period


def keeps(actor: Actor | None) -> bool:
    """Whether the actor decides on keeping and erasing, for the country of their ministry."""
    return (
        actor is not None
        and actor.kind == "person"
        and actor.has(Permission.KEEP)
        and actor.organisation_id is not None
    )


def require_keeper(actor: Actor | None) -> None:
    """Raise Denied unless the actor decides on keeping and erasing."""
    if not keeps(actor):
        raise Denied(_("Only the officers of a ministry decide how long data are kept and what is erased."))


def visible_erasures(actor: Actor) -> QuerySet[Erasure]:
    """Those of the actor's country, or those that the actor's hospital asked for."""
    rows = Erasure.objects.select_related("facility__organisation", "country")
    if keeps(actor):
        return rows.filter(country_id=actor.country)
    if actor.has(Permission.WRITE_PATIENTS) and actor.organisation_id is not None:
        return rows.filter(facility_id=actor.organisation_id)
    return rows.none()


def erasures_to_decide(actor: Actor) -> QuerySet[Erasure]:
    """What waits for a decision or is carried out, the oldest first."""
    return visible_erasures(actor).filter(state__in=OPEN).order_by("asked_at", "pk")


def erasures_over(actor: Actor) -> QuerySet[Erasure]:
    """What was decided, the latest first."""
    return visible_erasures(actor).exclude(state__in=OPEN).order_by("-pk")


def get_erasure(actor: Actor, pk: int) -> Erasure:
    """One that the actor decides. Raises Denied, NotKnown."""
    require_keeper(actor)
    row = visible_erasures(actor).filter(pk=pk).first()
    if row is None:
        raise NotKnown()
    return row


def visible_holds(actor: Actor) -> QuerySet[LegalHold]:
    """The holds that the actor's ministry placed, those that stand first."""
    require_keeper(actor)
    return LegalHold.objects.filter(country_id=actor.country).order_by("lifted_at", "-pk")


def get_hold(actor: Actor, pk: int) -> LegalHold:
    """One that the actor may lift. Raises Denied, NotKnown."""
    row = visible_holds(actor).filter(pk=pk).first()
    if row is None:
        raise NotKnown()
    return row


def periods() -> QuerySet[Period]:
    """The periods that count and those that are proposed, of all countries."""
    rows = Period.objects.filter(over_at__isnull=True).select_related("country")
    return rows.order_by("country_id", "kind", "pk")


def get_period(actor: Actor, pk: int) -> Period:
    """One period, of any country. Raises Denied, NotKnown."""
    require_keeper(actor)
    row = Period.objects.select_related("country").filter(pk=pk).first()
    if row is None:
        raise NotKnown()
    return row


def versions(period: Period) -> QuerySet[Period]:
    """Every version of the same country and kind, the latest first."""
    return Period.objects.filter(country_id=period.country_id, kind=period.kind).order_by("-pk")
