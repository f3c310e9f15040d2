"""Who reads the audit log: auditors, their own country's rows."""

from collections.abc import Collection, Iterator
from typing import Final

from django.db.models import Q, QuerySet

from core.actors import Actor
from core.audit.models import AuditRow
from core.audit.refusals import ACTIONS
from core.errors import Denied
from core.listed import Listed, values_like
from core.permissions import Permission

MOST_PEOPLE: Final = 50
"""So many whose names hold what is searched for are looked up."""
_NEWEST: Final = ("-pk",)


def visible_rows(actor: Actor) -> QuerySet[AuditRow]:
    """The rows of the actor's country, and what was refused to one whom nobody knows; the newest first."""
    if not actor.has(Permission.SEE_AUDIT):
        raise Denied()
    return AuditRow.objects.filter(Q(country=actor.country) | _EVERYBODYS).order_by("-id")


_EVERYBODYS: Final = Q(country="", action__in=ACTIONS)


def listed_rows(
    actor: Actor,
    search: str = "",
    *,
    actions: Collection[str] = (),
    subjects: Collection[tuple[str, str]] = (),
) -> Listed[AuditRow]:
    """The visible rows; `search` narrows them to an action, a person's name, `actions` or `subjects`
    (kind and key)."""
    visible = visible_rows(actor).order_by()
    own, everybodys = visible.filter(country=actor.country), visible.filter(_EVERYBODYS)
    if not search:
        return Listed((own, everybodys), _NEWEST)
    branches = [rows.filter(one) for rows in (own, everybodys) for one in _of_subjects(subjects)]
    branches += [own.filter(action=action) for action in sorted({*actions, search})]
    branches += [everybodys.filter(action=action) for action in sorted(set(actions) & set(ACTIONS))]
    for rows in (own, everybodys):
        narrowed = AuditRow.objects.filter(country=actor.country if rows is own else "")
        labels = values_like(narrowed, "actor_label", search)
        branches += [rows.filter(actor_label=label) for label in labels[:MOST_PEOPLE]]
    return Listed(tuple(branches), _NEWEST)


def _of_subjects(subjects: Collection[tuple[str, str]]) -> Iterator[Q]:
    for kind in sorted({kind for kind, _key in subjects}):
        yield Q(subject_type=kind, subject_id__in=sorted(key for one, key in subjects if one == kind))
