"""The budget of look-ups across organisations that find nobody: who guesses is stopped until a person steps in."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.audit.log import record
from core.errors import Denied, NotKnown, PortalError
from core.outbox.publish import publish
from core.permissions import Permission
from facilities.access import administers_all
from patients.events import LOOKUPS_LOCKED
from patients.models import LookupBudget


class LookupsLocked(PortalError):
    """429: too many look-ups found nobody. Waiting doesn't help; a person unlocks."""

    status = 429
    code = "lookups_locked"
    #: Seconds after which asking again makes sense at the earliest: a person has to look at it first.
    wait = 3600

    def __init__(self) -> None:
        super().__init__(
            _(
                "Too many look-ups from here found nobody, so no more are possible. Your organisation’s administrator "
                "or an officer of the ministry can unlock them. Patients can be registered meanwhile."
            )
        )


class _Counted(NamedTuple):
    scope: LookupBudget.Scope
    subject: str
    label: str


def _counted(actor: Actor) -> Iterator[_Counted]:
    """For whom a look-up of this actor counts: the account or client, then the organisation."""
    if actor.kind == "client":
        yield _Counted(LookupBudget.Scope.CLIENT, actor.client_id or actor.id, actor.label)
    else:
        yield _Counted(LookupBudget.Scope.ACCOUNT, actor.id, actor.label)
    yield _Counted(LookupBudget.Scope.ORGANISATION, str(actor.organisation_id), actor.organisation_name)


def require(actor: Actor) -> None:
    """Raise LookupsLocked when one of the actor's budgets is used up. One query, whatever is found."""
    mine = Q()
    for one in _counted(actor):
        mine |= Q(scope=one.scope, subject=one.subject)
    if LookupBudget.objects.filter(mine, locked_at__isnull=False).exists():
        raise LookupsLocked()


def spend(actor: Actor) -> None:
    """Count a look-up that found nobody, in the caller's transaction; lock what is used up by it."""
    now = timezone.now()
    for one in _counted(actor):
        made = {"label": one.label[:200], "organisation_id": actor.organisation_id, "window_from": now}
        LookupBudget.objects.get_or_create(scope=one.scope, subject=one.subject[:80], defaults=made)
        row = LookupBudget.objects.select_for_update().get(scope=one.scope, subject=one.subject[:80])
        if row.locked_at is None and now - row.window_from >= timedelta(hours=settings.LOOKUP_WINDOW_HOURS):
            row.window_from, row.failed = now, 0
        row.failed += 1
        row.label = one.label[:200]
        locks = row.locked_at is None and row.failed >= settings.LOOKUP_FAILURES[one.scope]
        if locks:
            row.locked_at = now
        row.save()
        if locks:
            details = {"scope": row.scope, "failed": row.failed}
            record("patient.lookups_locked", by=actor, subject=row, details=details)
            publish(LOOKUPS_LOCKED, subject=row, by=actor)


def visible_budgets(actor: Actor) -> QuerySet[LookupBudget]:
    """The budgets that the actor may unlock: an officer those of the country, an administrator the organisation's."""
    if not actor.has(Permission.UNLOCK_LOOKUPS):
        raise Denied()
    rows = LookupBudget.objects.select_related("organisation")
    if actor.has(Permission.DECIDE):
        return rows.filter(organisation__country_id=actor.country)
    return rows if administers_all(actor) else rows.filter(organisation_id=actor.organisation_id or 0)


def get_locked(actor: Actor, pk: int) -> LookupBudget:
    """One that is locked and that the actor may unlock. Raises NotKnown, and Denied for the actor's own account."""
    row = visible_budgets(actor).filter(pk=pk, locked_at__isnull=False).first()
    if row is None:
        raise NotKnown(_("There are no locked look-ups here that you may unlock."))
    if row.scope == LookupBudget.Scope.ACCOUNT and row.subject == actor.id and actor.kind == "person":
        raise Denied(_("These are your own look-ups, so somebody else must unlock them."))
    return row
