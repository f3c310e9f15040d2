"""Organisations by their keys, for lists whose rows name them: one small query instead of four joins."""

from collections.abc import Collection

from django.utils.translation import get_language

from facilities.models import Organisation
from facilities.models.reference import PORTAL_LANGUAGES


def organisation_refs(keys: Collection[int]) -> dict[int, dict[str, object]]:
    """id, code, name (in the active language, else as registered) and country of each organisation, by key."""
    language = (get_language() or "en").split("-")[0]
    own = f"name_{language if language in PORTAL_LANGUAGES else 'en'}"
    rows = Organisation.objects.filter(pk__in=keys).order_by()
    return {
        pk: {"id": pk, "code": code, "name": translated or name, "country": country}
        for pk, code, name, translated, country in rows.values_list("pk", "code", "name", own, "country_id")
    }
