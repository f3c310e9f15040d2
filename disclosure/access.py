"""Who reads the ledger: auditors the rows that concern their own country, a patient those of their own record."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from core.actors import Actor
from core.audit.access import MOST_PEOPLE
from core.errors import Denied
from core.listed import Listed, values_like
from core.permissions import Permission
from disclosure.models import Disclosure

_PLACES: Final = range(3)
"""Of the concerned countries of a row: each of the portal's may be one, and stands in one of these places."""
_NEWEST: Final = ("-pk",)


def visible_disclosures(actor: Actor) -> QuerySet[Disclosure]:
    """What concerns the actor's country, the newest first."""
    if not actor.has(Permission.SEE_AUDIT):
        raise Denied()
    return Disclosure.objects.filter(countries__contains=[actor.country]).order_by("-id")


def listed_disclosures(
    actor: Actor,
    search: str = "",
    *,
    kinds: Collection[str] = (),
    subjects: Collection[tuple[str, str]] = (),
) -> Listed[Disclosure]:
    """The visible ones; `search` narrows them to what was shown, a reader's name, a patient's id, `kinds` of what
    was shown or `subjects` (kind and key)."""
    visible = visible_disclosures(actor).order_by()
    own = [visible.filter(**{f"countries__{place}": actor.country}) for place in _PLACES]
    if not search:
        return Listed(tuple(own), _NEWEST)
    found = [Q(subject_type=kind, subject_id=key) for kind, key in sorted(subjects)]
    if patient := _uuid(search):
        found.append(Q(patients__contains=[patient]))
    branches = [visible.filter(one) for one in found]
    for rows in own:
        labels = values_like(rows, "actor_label", search)
        branches += [rows.filter(what=kind) for kind in sorted({*kinds, search})]
        branches += [rows.filter(actor_label=label) for label in labels[:MOST_PEOPLE]]
    return Listed(tuple(branches), _NEWEST)


def shown_of(patients: Collection[UUID]) -> QuerySet[Disclosure, dict[str, Any]]:
    """To whom data of these records were shown, the latest day first: one row for each day, reader and kind of data.

    Rows are dicts of `day` (of the active time zone), `organisation_id`, `country`, `actor_kind`, `what`, `purpose`,
    `basis`, `clinical`, `times` and `last`, the highest key. For the patient alone: the caller has made sure that it
    is the patient who asks.
    """
    rows = Disclosure.objects.filter(patients__overlap=list(patients)).annotate(day=TruncDate("at"))
    kinds = ("day", "organisation_id", "country", "actor_kind", "what", "purpose", "basis", "clinical")
    return rows.values(*kinds).annotate(times=Count("pk"), last=Max("pk")).order_by("-day", "-last")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def shown_in(country: str, patient_id: UUID, since: datetime) -> QuerySet[Disclosure]:
    """What was shown of a patient to readers of a country, the newest first; for who may see the patient's consents."""
    rows = Disclosure.objects.filter(patients__contains=[patient_id], country=country, at__gte=since)
    return rows.order_by("-id")
