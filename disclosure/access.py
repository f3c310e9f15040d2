"""Who reads the ledger: auditors, the rows that concern their own country."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def shown_in(country: str, patient_id: UUID, since: datetime) -> QuerySet[Disclosure]:
    """What was shown of a patient to readers of a country, the newest first; for who may see the patient's consents."""
    rows = Disclosure.objects.filter(patients__contains=[patient_id], country=country, at__gte=since)
    return rows.order_by("-id")
