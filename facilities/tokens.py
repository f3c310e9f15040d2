"""From a bearer token to an actor, in one query."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from core.actors import Actor
from core.prepared import Parameter, prepared
from facilities.memberships import actor_for_client, named_client


def actor_for_token(token: str) -> Actor | None:
    """The actor that an access token is now; None for one that is unknown, over, or whose client was revoked.

    The table keeps only the token's hash. Nothing is remembered between requests: a revocation counts at once.
    """
    checksum = hashlib.sha256(token.encode("utf-8")).hexdigest()
    found = prepared(_valid_token).first(checksum=checksum, now=timezone.now())
    if found is None or found.application is None:
        return None
    return actor_for_client(found.application, scopes=frozenset(found.scope.split()))


def _valid_token() -> QuerySet[Any]:
    tokens = get_access_token_model().objects.filter(
        token_checksum=Parameter("checksum"), expires__gt=Parameter("now")
    )
    return (
        tokens.select_related("application__organisation__country")
        .order_by()
        .only(
            "scope",
            "application__client_id",
            "application__name",
            "application__scopes",
            "application__revoked_at",
            "application__organisation__active",
            "application__organisation__country_id",
            "application__organisation__name",
            "application__organisation__names",
            "application__organisation__told_apart_by",
            "application__organisation__time_zone",
            "application__organisation__country__time_zone",
        )
    )


def owner_of_token(token: str) -> Actor | None:
    """Whose a token is that isn't taken any more, to name them in the audit log; None for one that nobody has."""
    checksum = hashlib.sha256(token.encode("utf-8")).hexdigest()
    found = (
        get_access_token_model()
        .objects.filter(token_checksum=checksum)
        .select_related("application__organisation__country")
        .first()
    )
    return named_client(found.application) if found is not None and found.application is not None else None
