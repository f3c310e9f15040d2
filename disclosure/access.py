"""Who reads the ledger: auditors the rows that concern their own country, a patient those of their own record."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
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
