"""Who reads the audit log: auditors, their own country's rows."""

from django.db.models import Q, QuerySet

from core.actors import Actor
from core.audit.models import AuditRow
from core.audit.refusals import ACTIONS
from core.errors import Denied
from core.permissions import Permission


def visible_rows(actor: Actor, *, search: str = "") -> QuerySet[AuditRow]:
    """The rows of the actor's country, and what was refused to one whom nobody knows; the newest first.

    `search` matches an action, a subject or a person.
    """
    if not actor.has(Permission.SEE_AUDIT):
        raise Denied()
    everybodys = Q(country="", action__in=ACTIONS)
    rows = AuditRow.objects.filter(Q(country=actor.country) | everybodys).order_by("-id")
    search = search.strip()[:80]
    if search:
        rows = rows.filter(
            Q(action__icontains=search) | Q(subject_id=search) | Q(actor_label__icontains=search)
        )
    return rows
