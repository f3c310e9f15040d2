"""Who reads the ledger: auditors the rows that concern their own country, a patient those of their own record."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from core.actors import Actor
from core.errors import Denied
from core.permissions import Permission
from disclosure.models import Disclosure


def visible_disclosures(actor: Actor, *, search: str = "") -> QuerySet[Disclosure]:
    """The newest first; `search` matches what was shown, a subject, a patient's id or a reader."""
    if not actor.has(Permission.SEE_AUDIT):
        raise Denied()
    rows = Disclosure.objects.filter(countries__contains=[actor.country]).order_by("-id")
    search = search.strip()[:80]
    if search:
        found = Q(what__icontains=search) | Q(subject_id=search) | Q(actor_label__icontains=search)
        if patient := _uuid(search):
            found |= Q(patients__contains=[patient])
        rows = rows.filter(found)
    return rows


def shown_of(patients: Collection[UUID]) -> QuerySet[Disclosure, dict[str, Any]]:
    """To whom data of these records were shown, the latest day first: one row for each day, reader and kind of data.

    Rows are dicts of `day` (of the active time zone), `organisation_id`, `country`, `actor_kind`, `what`, `purpose`,
    `basis`, `clinical` and `times`. For the patient alone: the caller has made sure that it is the patient who asks.
    """
    rows = Disclosure.objects.filter(patients__overlap=list(patients)).annotate(day=TruncDate("at"))
    kinds = ("day", "organisation_id", "country", "actor_kind", "what", "purpose", "basis", "clinical")
    return rows.values(*kinds).annotate(times=Count("pk")).order_by("-day", *kinds[1:])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
