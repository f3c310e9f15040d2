"""Who a signed-in person or a partner's client is: the one road from an account to an `Actor`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.actors import Actor
from core.permissions import Role
from core.prepared import Parameter, prepared
from facilities.models import Membership, Organisation, PartnerClient


def _memberships() -> QuerySet[Membership]:
    return (
        Membership.objects.filter(user_id=Parameter("user"), active=True, organisation__active=True)
        .select_related("organisation__country")
        .order_by("organisation__code", "role", "pk")
    )


def memberships_of(user: Any) -> list[Membership]:
    """The person's active roles in active organisations, with organisation and country (one query)."""
    return prepared(_memberships).rows(user=user.pk)


#: Who must show a second factor wherever they work.
STRICT_ROLES = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What a person's sign-in depends on: all their roles, and whether one asks for a second factor."""

    roles: frozenset[Role]
    required: bool


def sign_in_policy(user: Any) -> SignInPolicy:
    """The policy for an account (one query)."""
    return _policy(memberships_of(user))


def _policy(memberships: Iterable[Membership]) -> SignInPolicy:
    memberships = list(memberships)
    roles = frozenset(Role(membership.role) for membership in memberships)
    return SignInPolicy(
        roles, bool(roles & STRICT_ROLES) or any(one.organisation.second_factor for one in memberships)
    )


def actor_for_user(user: Any, organisation_id: int | None = None) -> Actor | None:
    """The actor that a person is, for the organisation chosen or else the first by its code (one query).

    None for somebody who isn't signed in or whose account is closed. A person without an active membership
    is an actor without a role, who may do nothing but see their own account.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    memberships = memberships_of(user)
    ids = [membership.organisation_id for membership in memberships]
    chosen = organisation_id if organisation_id in ids else next(iter(ids), None)
    own = [membership for membership in memberships if membership.organisation_id == chosen]
    organisation = own[0].organisation if own else None
    return Actor(
        kind="person",
        id=str(user.pk),
        label=user.full_name or user.username,
        roles=frozenset(Role(membership.role) for membership in own),
        organisation_id=chosen,
        organisation_name=organisation.display_name if organisation else "",
        country=(organisation.country_id or "") if organisation else "",
        language=user.preferred_language,
        user_id=user.pk,
        zone=user.time_zone or (organisation.zone if organisation else ""),
        place=organisation.zone if organisation else "",
        needs_second_factor=_policy(memberships).required,
    )


def actor_for_client(client: PartnerClient, *, scopes: frozenset[str], language: str = "en") -> Actor | None:
    """The actor that a partner's token is, or None when the client was revoked or its organisation closed.

    `scopes` are the token's; what the client itself no longer holds is dropped.
    """
    if not client.is_usable(None):
        return None
    organisation = client.organisation
    return Actor(
        kind="client",
        id=client.client_id,
        label=client.name or client.client_id,
        roles=frozenset({Role.PARTNER_SYSTEM}),
        organisation_id=organisation.pk,
        organisation_name=organisation.display_name,
        country=organisation.country_id or "",
        language=language,
        client_id=client.client_id,
        scopes=scopes & frozenset(client.scopes),
        zone=organisation.zone,
        place=organisation.zone,
    )


def named_client(client: PartnerClient) -> Actor:
    """A client as the audit log names it, whether or not it may do anything: an actor without a role."""
    organisation = client.organisation
    return Actor(
        kind="client",
        id=client.client_id,
        label=client.name or client.client_id,
        organisation_id=organisation.pk,
        country=organisation.country_id or "",
        client_id=client.client_id,
    )


def organisations_of(user: Any) -> list[Organisation]:
    """The organisations that a person may act for, by code (one query)."""
    seen = {membership.organisation_id: membership.organisation for membership in memberships_of(user)}
    return list(seen.values())
