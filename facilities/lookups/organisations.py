"""Organisations by their keys, for lists whose rows name them: one small query instead of four joins."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from core import languages
from core.prepared import AnyKey, prepared
from facilities.models import Organisation


def organisation_refs(keys: Collection[int]) -> dict[int, dict[str, object]]:
    """id, code, name (in the active language, else as registered) and country of each organisation, by key."""
    own = languages.active()
    return {
        pk: {"id": pk, "code": code, "name": names.get(own) or name, "country": country}
        for pk, code, name, names, country in prepared(_named).rows(keys=list(keys))
    }


def _named() -> QuerySet[Organisation, Any]:
    rows = Organisation.objects.filter(pk__in=AnyKey("keys")).order_by()
    return rows.values_list("pk", "code", "name", "names", "country_id")
