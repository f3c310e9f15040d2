"""Credentials of an organisation's own information system (OAuth2 client credentials)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import get_access_token_model

from core.actors import Actor
from core.audit import log as audit
from core.db import action
from core.errors import IllegalTransition, Invalid, NotKnown
from facilities.actions.rules import require_administrator
from facilities.models import Organisation, PartnerClient


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just made. `secret` is shown once: the table keeps only its hash."""

    client: PartnerClient
    secret: str


@action
def create_partner_client(
    *, organisation_id: int, name: str, scopes: Collection[str], by: Actor
) -> NewClient:
    """Make a client of a facility. Administrators only; a facility's own administrator for that facility only.

    Raises Denied, NotKnown for an organisation that isn't an active facility, Invalid for a missing name.
    """
    require_administrator(by)
    organisation = Organisation.objects.filter(
        pk=organisation_id, kind=Organisation.Kind.FACILITY, active=True
    ).first()
    if organisation is None or not _may_administer(by, organisation):
        raise NotKnown()
    if not name.strip():
        raise Invalid({"name": [_("Give the system a name.")]})
    secret = secrets.token_urlsafe(32)
    client = PartnerClient.objects.create(
        organisation=organisation,
        name=name.strip()[:255],
        client_type=PartnerClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=PartnerClient.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        scopes=sorted(scopes),
        created_by_id=by.user_id,
    )
    audit.record(
        "partner_client.create",
        by=by,
        subject=client,
        country=organisation.country_id or "",
        details={"organisation": organisation.code, "scopes": sorted(scopes)},
    )
    return NewClient(client, secret)


@action
def rotate_partner_client(*, client_pk: int, by: Actor) -> NewClient:
    """Give a client a new secret. The old one and the tokens got with it stop at once.

    Raises Denied, NotKnown for a client that the actor may not administer, IllegalTransition for a revoked one.
    """
    client = _locked(client_pk, by)
    if client.revoked_at is not None:
        raise IllegalTransition(_("This system’s access was revoked. Make a new one instead."))
    secret = secrets.token_urlsafe(32)
    client.client_secret = secret
    client.save(update_fields=["client_secret", "updated"])
    get_access_token_model().objects.filter(application=client).delete()
    audit.record(
        "partner_client.rotate",
        by=by,
        subject=client,
        country=client.organisation.country_id or "",
        details={"organisation": client.organisation.code},
    )
    return NewClient(client, secret)


@action
def revoke_partner_client(*, client_pk: int, by: Actor) -> PartnerClient:
    """Stop a client at once: no new token, and the tokens that it has are gone. Repeating it changes nothing.

    Raises Denied, or NotKnown for a client that the actor may not administer.
    """
    client = _locked(client_pk, by)
    if client.revoked_at is None:
        client.revoked_at = timezone.now()
        client.save(update_fields=["revoked_at", "updated"])
        get_access_token_model().objects.filter(application=client).delete()
        audit.record(
            "partner_client.revoke",
            by=by,
            subject=client,
            country=client.organisation.country_id or "",
            details={"organisation": client.organisation.code},
        )
    return client


def _locked(client_pk: int, by: Actor) -> PartnerClient:
    """The client, locked. Raises Denied, or NotKnown for one that the actor may not administer."""
    require_administrator(by)
    client: PartnerClient | None = (
        PartnerClient.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=client_pk)
        .first()
    )
    if client is None or not _may_administer(by, client.organisation):
        raise NotKnown()
    return client


def _may_administer(actor: Actor, organisation: Organisation) -> bool:
    """The operator's administrator everywhere, any other one in their own organisation."""
    if actor.is_system or actor.organisation_id == organisation.pk:
        return True
    if actor.organisation_id is None:
        return False
    return Organisation.objects.filter(pk=actor.organisation_id, kind=Organisation.Kind.OPERATOR).exists()
